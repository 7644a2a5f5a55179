using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Grains.Tests.Recovery;

/// <summary>Attempts whose owner does not live, and whose recovery was over when they were claimed.</summary>
public sealed class OrphanTests : IAsyncLifetime
{
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await StoreLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task What_a_zombie_claimed_after_its_recovery_is_recovered_by_its_owner()
    {
        await _lab.JoinAsync(1);
        await _lab.KillAsync(1);
        await _lab.RecoverAsync(1);
        var late = await _lab.RunningAsync(1);

        await SweepAsync();

        var task = await _lab.TaskAsync(late);
        Assert.Equal((TaskPhase.Queued, FailureKind.Crash), (task.Phase, task.Life.Failure!.Kind));
        Assert.Equal(1, (await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None))!.AttemptsAffected);
    }

    [Fact]
    public async Task What_a_zombie_claims_while_it_is_swept_is_counted_too()
    {
        await _lab.JoinAsync(1);
        await _lab.KillAsync(1);
        await _lab.RecoverAsync(1);
        await _lab.RunningAsync(1);
        var gate = _lab.Engine.Hold(call => call.Operation == nameof(IEventRows.UpdateEventAsync));
        var step = SweepAsync();
        await gate.ArrivedAsync();

        await _lab.RunningAsync(1);
        gate.Open();
        await step;

        var incident = (await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None))!;
        Assert.Equal((2, "attempts that it claimed while those were moved: 1"), (incident.AttemptsAffected, incident.Actions[^1].What));
    }

    [Fact]
    public async Task What_a_node_that_left_still_owns_moves_at_no_cost()
    {
        await _lab.JoinAsync(1);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(1), Phase = NodePhase.Left, IsProvedGone = true }, CancellationToken.None);
        var late = await _lab.RunningAsync(1);

        await SweepAsync();

        var task = await _lab.TaskAsync(late);
        Assert.Equal((TaskPhase.Queued, 0, FailureKind.Drained), (task.Phase, task.Life.Charges, task.Life.Failure!.Kind));
    }

    [Fact]
    public async Task What_a_life_owns_that_nobody_remembers_is_recovered()
    {
        var orphan = await _lab.RunningAsync(1);

        await SweepAsync();

        Assert.Equal(FailureKind.NodeLost, (await _lab.TaskAsync(orphan)).Life.Failure!.Kind);
    }

    [Fact]
    public async Task What_living_nodes_own_is_left_to_them()
    {
        await _lab.JoinAsync(1);
        await _lab.JoinAsync(2, NodePhase.Draining);
        await _lab.JoinAsync(3);
        await _lab.KillAsync(3); // not recovered yet: that is its own recovery's work
        TaskId[] owned = [await _lab.RunningAsync(1), await _lab.RunningAsync(2), await _lab.RunningAsync(3)];
        _lab.Pass(600);

        await SweepAsync();

        Assert.Equal(owned, (await _lab.TasksAsync(TaskPhase.Running)).Select(task => task.Id));
    }

    private Task SweepAsync() => _lab.Orphans().StepAsync(null, CancellationToken.None);
}
