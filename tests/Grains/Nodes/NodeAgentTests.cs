using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>One node's life against the store. Its lease is 5 s, and the test renews it.</summary>
public sealed class NodeAgentTests : IAsyncLifetime
{
    private StoreLab _lab = null!;
    private NodeAgent _agent = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _lab.Detection.HeartbeatInterval = TimeSpan.FromHours(1); // no renewal but those that the test asks for
        _agent = _lab.Agent();
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_joins_has_a_row_and_a_lease_and_no_work_yet()
    {
        await _agent.JoinAsync(CancellationToken.None);

        var row = await _lab.RowAsync(9);
        Assert.Equal(NodePhase.Joining, row.Phase);
        Assert.Equal(_lab.Store.Now.AddSeconds(5), row.LeaseEnds);
        Assert.Null(_lab.Pipeline.Lease);
    }

    [Fact]
    public async Task A_node_that_is_active_tells_its_pipeline_until_when_it_may_work()
    {
        await StartAsync();

        Assert.Equal(new LeaseChanged(true, _lab.Clock.Now + TimeSpan.FromSeconds(5)), _lab.Pipeline.Lease);
        Assert.Contains("node-9 joined", _lab.Events.Heard);
        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(9)).Phase);
    }

    [Fact]
    public async Task A_life_that_has_ended_cannot_join_again()
    {
        await _lab.JoinAsync(9);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(9), Phase = NodePhase.Dead, IsProvedGone = true }, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<FaultToleranceException>(() => _agent.JoinAsync(CancellationToken.None));

        Assert.StartsWith("Node node-9 could not join", refused.Message, StringComparison.Ordinal);
        Assert.Null(_lab.Pipeline.Lease);
    }

    [Fact]
    public async Task A_renewal_moves_the_end_of_the_lease_and_names_what_waits()
    {
        await StartAsync();
        var waiting = TaskId.New();
        _lab.Pipeline.Holds = new PipelineSnapshot(2, [waiting], false);
        _lab.Pass(3);

        await RenewAsync();

        var node = await _lab.NodeAsync(9);
        Assert.Equal(_lab.Store.Now.AddSeconds(5), node.Row.LeaseEnds);
        Assert.Equal([waiting], node.Record.Waiting);
        Assert.Equal(_lab.Clock.Now + TimeSpan.FromSeconds(5), _lab.Pipeline.Lease!.Ends);
        Assert.Equal(2, _agent.Describe().Running);
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_next_renewal_was_due_still_holds_and_shows_a_slow_store()
    {
        await StartAsync();
        using var gate = _lab.Engine.Hold(call => call.Operation == nameof(INodeRows.RenewLeaseAsync), replies: true);
        var (sentAt, taken) = (_lab.Clock.Now, new TaskCompletionSource());
        _lab.Pipeline.OnPost = happened => (happened is LeaseChanged ? taken : null)?.TrySetResult();
        var renewal = RenewAsync();
        await gate.ArrivedAsync();
        _lab.Pass(1.5);
        await Assert.ThrowsAsync<TimeoutException>(() => renewal);
        Assert.Equal(TimeSpan.FromSeconds(1.5), _agent.Describe().StoreLatency);

        gate.Open();
        await taken.Task;

        Assert.Equal(sentAt + TimeSpan.FromSeconds(5), _lab.Pipeline.Lease!.Ends);
    }

    [Fact]
    public async Task A_renewal_that_is_stuck_and_lands_after_a_newer_one_does_not_take_back_what_that_one_said()
    {
        await StartAsync();
        var renewals = 0;
        using var gate = _lab.Engine.Hold(call => call.Operation == nameof(INodeRows.RenewLeaseAsync) && renewals++ == 0);
        var taken = new TaskCompletionSource();
        var stuck = RenewAsync();
        await gate.ArrivedAsync();
        _lab.Pass(1.5);
        await Assert.ThrowsAsync<TimeoutException>(() => stuck);
        var waiting = TaskId.New(_lab.Time);
        _lab.Pipeline.Holds = new PipelineSnapshot(0, [waiting], true);
        await RenewAsync();
        _lab.Pipeline.OnPost = happened => (happened is LeaseChanged ? taken : null)?.TrySetResult();

        gate.Open();
        await taken.Task;

        Assert.Equal([waiting], (await _lab.NodeAsync(9)).Record.Waiting);
    }

    [Fact]
    public async Task The_lease_counts_from_before_the_renewal_was_sent()
    {
        await StartAsync();
        using var gate = _lab.Engine.Hold(call => call.Operation == nameof(INodeRows.RenewLeaseAsync));
        var (sent, sentAt) = (_lab.Store.Now, _lab.Clock.Now);
        var renewal = RenewAsync();
        await gate.ArrivedAsync();
        _lab.Pass(0.25);

        gate.Open();
        await renewal;

        Assert.Equal(sentAt + TimeSpan.FromSeconds(5), _lab.Pipeline.Lease!.Ends);
        Assert.Equal(sent.AddSeconds(5.25), (await _lab.RowAsync(9)).LeaseEnds);
    }

    [Fact]
    public async Task A_node_whose_lease_ends_is_fenced_at_that_very_moment()
    {
        await StartAsync();

        _lab.Pass(4.999);
        Assert.True(_lab.Pipeline.Lease!.IsHeld);
        _lab.Pass(0.001);

        Assert.False(_lab.Pipeline.Lease!.IsHeld);
        Assert.Contains("node-9 lease lost", _lab.Events.Heard);
        Assert.Empty(_lab.ProcessEnd.Reasons);
    }

    [Fact]
    public async Task After_an_outage_in_which_nobody_ended_its_life_the_node_goes_on()
    {
        await StartAsync();
        _lab.Engine.IsReachable = false;
        _lab.Pass(20);
        await Assert.ThrowsAnyAsync<FaultToleranceException>(RenewAsync);

        _lab.Engine.IsReachable = true;
        await RenewAsync();

        Assert.Equal(new LeaseChanged(true, _lab.Clock.Now + TimeSpan.FromSeconds(5)), _lab.Pipeline.Lease);
        Assert.Equal(["node-9 joined", "node-9 lease lost", "node-9 lease regained"], _lab.Events.Heard);
    }

    [Fact]
    public async Task A_node_whose_life_was_ended_by_others_is_fenced_for_good_and_its_process_ends()
    {
        await StartAsync();
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(9), Phase = NodePhase.Dead, IsProvedGone = true }, CancellationToken.None);

        await RenewAsync();

        Assert.False(_lab.Pipeline.Lease!.IsHeld);
        Assert.Single(_lab.ProcessEnd.Reasons);
        await RenewAsync();
        Assert.False(_lab.Pipeline.Lease!.IsHeld);
        Assert.Single(_lab.ProcessEnd.Reasons);
    }

    [Theory]
    [InlineData(InjectedFault.Unusable, 1)]
    [InlineData(InjectedFault.RequestLost, 0)]
    public async Task A_node_whose_store_cannot_be_used_ends_its_process_with_its_lease_and_one_that_cannot_reach_it_does_not(InjectedFault fault, int ends)
    {
        await StartAsync();
        _lab.Engine.Plan = call => call.Operation == nameof(INodeRows.RenewLeaseAsync) ? fault : InjectedFault.None;
        await Assert.ThrowsAsync<StoreException>(RenewAsync);
        Assert.Empty(_lab.ProcessEnd.Reasons);

        _lab.Pass(5);

        Assert.False(_lab.Pipeline.Lease!.IsHeld);
        Assert.Equal(ends, _lab.ProcessEnd.Reasons.Count(reason => reason.Contains("cannot be used", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_renewal_that_hangs_is_given_up_in_time_for_another_one()
    {
        await StartAsync();
        using var gate = _lab.Engine.Hold(call => call.Operation == nameof(INodeRows.RenewLeaseAsync));
        var renewal = RenewAsync();
        await gate.ArrivedAsync();

        _lab.Pass(1.25);

        await Assert.ThrowsAnyAsync<TimeoutException>(() => renewal);
        Assert.True(_lab.Pipeline.Lease!.IsHeld);
    }

    [Fact]
    public async Task A_node_whose_pipeline_takes_no_turns_lets_its_lease_end_and_its_process_with_it()
    {
        await StartAsync();
        _lab.Pipeline.IsStuck = true;
        await RenewStuckAsync(seconds: 8);

        _lab.Pass(5);

        Assert.True((await _lab.RowAsync(9)).LeaseEnds <= _lab.Store.Now);
        Assert.False(_lab.Pipeline.Lease!.IsHeld);
        Assert.Contains("has taken no turn", Assert.Single(_lab.ProcessEnd.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_that_stops_listening_together_with_the_store_ends_the_process_too()
    {
        await StartAsync();
        _lab.Engine.IsReachable = false;
        _lab.Pass(4);
        await Assert.ThrowsAnyAsync<FaultToleranceException>(RenewAsync); // the pipeline still listens
        _lab.Pipeline.IsStuck = true;
        _lab.Pass(1);
        Assert.Contains("node-9 lease lost", _lab.Events.Heard);
        Assert.Empty(_lab.ProcessEnd.Reasons);

        await RenewStuckAsync(seconds: 7);

        Assert.Contains("has taken no turn", Assert.Single(_lab.ProcessEnd.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_that_stood_still_for_longer_than_its_lease_goes_on_when_nobody_has_ended_its_life(bool owesAnswer)
    {
        await StartAsync();
        _lab.Pipeline.IsStuck = owesAnswer; // it had no time to answer before all stood still
        await RenewStuckAsync(seconds: 1);

        _lab.Time.StandStill(TimeSpan.FromMinutes(1));
        _lab.Pass(5); // the timers that were due meanwhile
        Assert.False(_lab.Pipeline.Lease!.IsHeld);
        _lab.Pipeline.IsStuck = false;
        await RenewAsync();

        Assert.Empty(_lab.ProcessEnd.Reasons);
        Assert.True(_lab.Pipeline.Lease!.IsHeld);
        Assert.Equal(["node-9 joined", "node-9 lease lost", "node-9 lease regained"], _lab.Events.Heard);
    }

    [Fact]
    public async Task A_node_that_Orleans_ends_is_fenced_and_a_late_renewal_does_not_bring_it_back()
    {
        await StartAsync();

        _agent.Fence();
        await RenewAsync();

        Assert.Equal(new LeaseChanged(false), _lab.Pipeline.Lease);
    }

    [Theory]
    [InlineData(NodeStages.Join)]
    [InlineData(NodeStages.Work)]
    public async Task A_silo_that_is_stopped_while_it_starts_leaves_once_however_far_it_has_come(int last)
    {
        var silo = new LabLifecycle(_agent);
        await silo.StartAsync(until: last);

        await silo.StopAsync();
        await _agent.DisposeAsync();

        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
        Assert.Equal(1, _lab.Events.Heard.Count(heard => heard == "node-9 left"));
        Assert.Single(_lab.Engine.Calls, call => call.Operation == nameof(INodeRows.EndNodeAsync));
        Assert.Equal(new LeaseChanged(false), _lab.Pipeline.Lease);
        var renewals = Renewals;
        _lab.Pass(7200); // two of the intervals at which it would be renewed
        Assert.Equal(renewals, Renewals);
    }

    [Fact]
    public async Task A_node_that_has_joined_and_is_only_disposed_of_has_left()
    {
        await _agent.JoinAsync(CancellationToken.None);

        await _agent.DisposeAsync();

        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
    }

    [Fact]
    public async Task A_node_that_was_not_told_that_it_has_joined_leaves_all_the_same()
    {
        _lab.Engine.FailWrite(1, InjectedFault.ReplyLost);
        var silo = new LabLifecycle(_agent);
        await Assert.ThrowsAsync<StoreException>(() => silo.StartAsync(until: NodeStages.Work));

        await silo.StopAsync();

        Assert.Equal(NodePhase.Left, (await _lab.RowAsync(9)).Phase);
    }

    [Fact]
    public async Task A_node_that_could_not_join_does_not_end_the_life_that_is_registered_for_another()
    {
        var other = NodeFacts.Info(8) with { Incarnation = NodeFacts.Life(9) };
        var row = new NodeRow { Incarnation = other.Incarnation, Name = other.Name, Phase = NodePhase.Alive, Info = [] };
        Assert.True(await _lab.Store.RegisterNodeAsync(row, TimeSpan.FromSeconds(5), CancellationToken.None));
        var silo = new LabLifecycle(_agent);
        await Assert.ThrowsAsync<FaultToleranceException>(() => silo.StartAsync(until: NodeStages.Work));

        await silo.StopAsync();
        await _agent.DisposeAsync();

        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(9)).Phase);
    }

    [Fact]
    public async Task A_silo_that_is_killed_while_it_starts_says_nothing()
    {
        var silo = new LabLifecycle(_agent);
        await silo.StartAsync(until: NodeStages.Join);

        await silo.StopAsync(new CancellationToken(canceled: true));
        await _agent.DisposeAsync();

        Assert.Equal(NodePhase.Joining, (await _lab.RowAsync(9)).Phase);
    }

    private int Renewals => _lab.Engine.Calls.Count(call => call.Operation == nameof(INodeRows.RenewLeaseAsync));

    private async Task StartAsync()
    {
        await _agent.JoinAsync(CancellationToken.None);
        await _agent.ActivateAsync(CancellationToken.None);
    }

    /// <summary>Renews once a second, as a node does whose pipeline does not answer, whether its store does or not.</summary>
    private async Task RenewStuckAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            var renewal = RenewAsync();
            _lab.Pass(0.1); // as long as a renewal waits for the pipeline
            await renewal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _lab.Pass(0.9);
        }
    }

    private Task RenewAsync() => _agent.RenewAsync(CancellationToken.None);
}
