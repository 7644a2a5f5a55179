using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Events;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>What only the detector's silo knows of a death gets into the incident, whoever recorded it.</summary>
public sealed class SuspicionTimesTests : IAsyncLifetime
{
    private StoreLab _lab = null!;
    private SuspicionTimes _times = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _times = _lab.SuspicionTimes();
        await _lab.JoinAsync(1);
        await ReadAsync();
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task The_incident_of_a_dead_node_says_since_when_it_was_suspected_and_since_when_nobody_had_an_answer()
    {
        _times.OnSuspected(NodeFacts.Life(1));
        _lab.Pass(1);
        _times.OnUnanswered(NodeFacts.Life(1));
        _lab.Pass(1);
        _times.OnUnanswered(NodeFacts.Life(1));
        await _times.AmendAsync();
        await _lab.KillAsync(1);
        await ReadAsync();

        await _times.AmendAsync();

        var incident = await FindAsync();
        Assert.Equal((NodeFacts.Now, NodeFacts.Now.AddSeconds(1), NodeFacts.Now.AddSeconds(2)), (incident.SuspectedAt!.Value, incident.VerifiedAt!.Value, incident.At));
    }

    [Fact]
    public async Task A_call_that_was_not_answered_until_the_node_was_dead_has_not_led_to_its_death()
    {
        _times.OnSuspected(NodeFacts.Life(1));
        _lab.Pass(1);
        await _lab.KillAsync(1);
        _lab.Pass(1);
        _times.OnUnanswered(NodeFacts.Life(1));
        await ReadAsync();

        await _times.AmendAsync();

        var incident = await FindAsync();
        Assert.Equal((NodeFacts.Now, null), (incident.SuspectedAt, incident.VerifiedAt));
    }

    [Fact]
    public async Task A_suspicion_that_was_unfounded_is_forgotten()
    {
        _times.OnSuspected(NodeFacts.Life(1));
        _times.OnAnswered(NodeFacts.Life(1));
        await _lab.KillAsync(1);
        await ReadAsync();

        await _times.AmendAsync();

        Assert.Null((await FindAsync()).SuspectedAt);
    }

    [Fact]
    public async Task While_the_store_is_away_or_the_incident_is_not_recorded_it_is_tried_again()
    {
        _times.OnSuspected(NodeFacts.Life(1));
        await _lab.KillAsync(1);
        await ReadAsync();
        _lab.Engine.Plan = call => call.Operation == nameof(IEventRows.ReadEventAsync) ? InjectedFault.Unusable : InjectedFault.None;
        await _times.AmendAsync();
        _lab.Engine.Plan = FaultPlans.Nothing;

        await _times.AmendAsync();

        Assert.Equal(NodeFacts.Now, (await FindAsync()).SuspectedAt);
    }

    private async Task ReadAsync() => _lab.Directory.Replace(await _lab.Store.ListNodesAsync(10, CancellationToken.None));

    private async Task<IncidentSnapshot> FindAsync() => (await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None))!;
}
