using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Tests.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>The detector's grain, with its checks made by the test. A node heard each second is suspected after 2.53 s.</summary>
public sealed class FailureDetectorGrainTests : IAsyncLifetime
{
    private readonly FakeVerifier _verifier = new();
    private readonly FakePacemaker _pacemaker = new();
    private StoreLab _lab = null!;
    private FailureDetectorGrain _grain = null!;
    private long _sequence;
    private TimeSpan _ownDelay;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _grain = NewGrain();
        await _lab.JoinAsync(1);
        await _lab.JoinAsync(2);
        await ReadAsync();
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_silent_node_that_does_not_answer_is_suspected_and_looked_into_but_not_condemned()
    {
        await BeatAsync(times: 20, 1, 2);
        await BeatAsync(times: 2, 2);

        await CheckAsync();

        Assert.Equal(["node-1 suspected"], _lab.Events.Heard);
        Assert.Equal([NodeFacts.Life(1)], _verifier.Asked);
        Assert.Equal(1, _pacemaker.Looks);
        Assert.Equal([NodePhase.Suspected, NodePhase.Alive], (await _grain.GetNodesAsync()).OrderBy(node => node.Info.Name).Select(node => node.Phase));
        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(1)).Phase);
    }

    [Fact]
    public async Task A_suspected_node_that_answers_is_alive_again()
    {
        await BeatAsync(times: 20, 1, 2);
        await BeatAsync(times: 2, 2);
        await CheckAsync();
        _verifier.Answering.Add(NodeFacts.Life(1));

        await CheckAsync();

        Assert.Equal(["node-1 suspected", "node-1 alive again"], _lab.Events.Heard);
        Assert.All(await _grain.GetNodesAsync(), node => Assert.Equal(NodePhase.Alive, node.Phase));
        await CheckAsync();
        Assert.Equal(2, _verifier.Asked.Count);
    }

    [Fact]
    public async Task A_node_that_answers_others_is_alive_for_the_way_to_it_is_broken()
    {
        foreach (var witness in new[] { 3, 4, 9 })
        {
            await _lab.JoinAsync(witness);
        }

        await ReadAsync();
        await BeatAsync(times: 20, 1, 2, 3, 4, 9);
        await BeatAsync(times: 2, 2, 3, 4, 9);
        _verifier.Reaching.Add("node-3");

        await CheckAsync();

        Assert.Equal(["node-2", "node-3"], _verifier.Witnesses);
        Assert.Equal(["node-1 suspected", "node-1 alive again"], _lab.Events.Heard);
    }

    [Fact]
    public async Task Neither_this_node_nor_one_that_is_suspected_is_a_witness()
    {
        foreach (var witness in new[] { 3, 9 })
        {
            await _lab.JoinAsync(witness);
        }

        await ReadAsync();
        await BeatAsync(times: 20, 1, 2, 3, 9);
        await BeatAsync(times: 2, 2, 9);

        await CheckAsync();

        Assert.Equal(["node-2", "node-2"], _verifier.Witnesses);
    }

    [Fact]
    public async Task A_detector_that_is_sick_itself_suspects_nobody_for_a_silence()
    {
        await BeatAsync(times: 20, 1, 2);
        _ownDelay = TimeSpan.FromSeconds(3);
        await BeatAsync(times: 2, 2);

        await CheckAsync();
        Assert.Empty(_lab.Events.Heard);

        _ownDelay = TimeSpan.Zero;
        await BeatAsync(times: 3, 2);
        await CheckAsync();
        Assert.Equal(["node-1 suspected"], _lab.Events.Heard);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_step_of_the_machines_clock_is_no_silence(int hours)
    {
        await BeatAsync(times: 20, 1, 2);

        _lab.Time.Step(TimeSpan.FromHours(hours));
        await BeatAsync(times: 20, 1, 2);
        Assert.Empty(_lab.Events.Heard);
        await BeatAsync(times: 3, 2);

        Assert.Equal(["node-1 suspected"], _lab.Events.Heard);
    }

    [Fact]
    public async Task What_a_sick_detector_has_no_answer_to_is_no_verdict()
    {
        await CheckAsync();
        await _grain.SuspectAsync(NodeFacts.Life(1), "A call to it failed.");
        _ownDelay = TimeSpan.FromSeconds(3);
        await CheckAsync();
        await _lab.KillAsync(1);
        await ReadAsync();

        await CheckAsync();

        var incident = await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None);
        Assert.NotNull(incident!.SuspectedAt);
        Assert.Null(incident.VerifiedAt);
    }

    [Fact]
    public async Task A_node_that_lets_a_call_hang_holds_up_nothing_and_is_not_called_beside_it()
    {
        var hanging = _verifier.Hang(NodeFacts.Life(1));
        await BeatAsync(times: 20, 1, 2);
        await BeatAsync(times: 2, 2);
        await CheckAsync();
        _lab.Pass(3);

        await CheckAsync();

        Assert.Equal(["node-1 suspected", "node-2 suspected"], _lab.Events.Heard);
        Assert.Equal([NodeFacts.Life(1), NodeFacts.Life(2)], _verifier.Asked);
        hanging.SetResult(true);
        await CheckAsync();
        Assert.Contains("node-1 alive again", _lab.Events.Heard);
    }

    [Fact]
    public async Task A_node_that_fails_what_others_can_run_is_ordered_into_quarantine_with_the_evidence()
    {
        await _lab.JoinAsync(3);
        await ReadAsync();
        foreach (var minute in Enumerable.Range(0, 2))
        {
            foreach (var node in Enumerable.Range(1, 3))
            {
                var tally = new HandlerTally("work@1", minute * (node == 2 ? 1 : 40), minute * (node == 2 ? 39 : 0));
                await _grain.HeartbeatAsync(new NodeHeartbeat { Node = NodeFacts.Info(node), Sequence = ++_sequence, Ended = [tally] });
            }

            _lab.Pass(1);
        }

        await CheckAsync();
        await _grain.Accusing;

        var order = await _lab.Orders().FindAsync("node-2", CancellationToken.None);
        Assert.Equal((NodeOrderKind.Quarantine, true, 1), (order!.Kind, order.IsAutomatic, order.Round));
        Assert.Equal("39 of its 40 attempts failed within 00:01:00, and 0 of 80 of the same handlers on the other nodes.", order.Reason);
        Assert.Null(await _lab.Orders().FindAsync("node-1", CancellationToken.None));
    }

    [Fact]
    public async Task A_hint_is_looked_into_at_the_next_check()
    {
        await CheckAsync();
        await _grain.SuspectAsync(NodeFacts.Life(2), "Its connection broke.");
        Assert.Equal(["node-2 suspected"], _lab.Events.Heard);

        await CheckAsync();

        Assert.Equal([NodeFacts.Life(2)], _verifier.Asked);
    }

    [Fact]
    public async Task A_detector_that_has_just_started_suspects_nobody_whom_it_could_not_have_heard()
    {
        _lab.Pass(60);
        _grain = NewGrain();

        await CheckAsync();
        _lab.Pass(2);
        await CheckAsync();

        Assert.Empty(_lab.Events.Heard);
    }

    [Fact]
    public async Task A_node_that_is_joining_or_has_ended_is_not_missed()
    {
        await _lab.JoinAsync(3, NodePhase.Joining);
        await _lab.KillAsync(1);
        await ReadAsync();
        await CheckAsync();
        _lab.Pass(60);

        await CheckAsync();

        Assert.DoesNotContain(NodeFacts.Life(1), _verifier.Asked);
        Assert.DoesNotContain(NodeFacts.Life(3), _verifier.Asked);
    }

    [Fact]
    public async Task The_newest_heartbeat_is_shown_with_the_node_and_when_it_was_heard()
    {
        await BeatAsync(times: 2, 1);

        var shown = (await _grain.GetNodesAsync()).Single(node => node.Info.Name == "node-1");

        Assert.Equal(_sequence, shown.Heartbeat!.Sequence);
        Assert.Equal(shown.SeenAt - TimeSpan.FromSeconds(1), shown.HeardAt);
        var other = (await _grain.GetNodesAsync()).Single(node => node.Info.Name == "node-2");
        Assert.Equal((null, null), (other.Heartbeat, other.HeardAt));
    }

    private FailureDetectorGrain NewGrain() => new(
        _lab.Store, _lab.Directory, _lab.Self, _verifier, _lab.Accuser(), _lab.Orders(), _lab.Health(), _pacemaker, _lab.SuspicionTimes(), _lab.Events, _lab.Clock,
        Options.Create(_lab.Detection), NullLogger<FailureDetectorGrain>.Instance);

    private Task CheckAsync()
    {
        _lab.Health().Note(new NodeHeartbeat { Node = _lab.Self.Info, PoolDelay = _ownDelay });
        return _grain.CheckAsync(CancellationToken.None);
    }

    private async Task ReadAsync() => _lab.Directory.Replace(await _lab.Store.ListNodesAsync(10, CancellationToken.None));

    private async Task BeatAsync(int times, params int[] nodes)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var node in nodes)
            {
                await _grain.HeartbeatAsync(new NodeHeartbeat { Node = NodeFacts.Info(node), Sequence = ++_sequence });
            }

            await CheckAsync();
            _lab.Pass(1);
        }
    }

    private sealed class FakePacemaker : IPacemaker
    {
        public int Looks { get; private set; }

        public void LookNow() => Looks++;
    }
}
