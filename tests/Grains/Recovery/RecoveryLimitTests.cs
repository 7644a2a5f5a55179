using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.Recovery;

/// <summary>A recovery that takes longer than it may: flagged once, told as an alert, and followed up as configured.</summary>
public sealed class RecoveryLimitTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(300);

    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _lab.Recovery.Shards = 1;
        await _lab.JoinAsync(1);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_recovery_that_is_not_complete_in_time_is_flagged_once_with_an_alert_and_goes_on()
    {
        var ran = await DieAsync();
        var overdue = _lab.Overdue();
        _lab.Time.Advance(Limit - TimeSpan.FromSeconds(1));
        await overdue.StepAsync(null, CancellationToken.None);
        Assert.Null((await IncidentAsync()).OverdueAt);
        _lab.Pass(1);

        await overdue.StepAsync(null, CancellationToken.None);
        _lab.Pass(1);
        await overdue.StepAsync(null, CancellationToken.None);

        var incident = await IncidentAsync();
        Assert.Equal((incident.At + Limit, Limit), (incident.OverdueAt!.Value, incident.Limit!.Value));
        Assert.Equal(["flagged overdue: KeepTrying"], incident.Actions.Select(action => action.What));
        Assert.Equal(["node-1 dead", "node-1 recovery overdue"], _lab.Events.Heard);
        var alert = Assert.Single(_lab.Logs.Entries, entry => entry.Id == EventIds.RecoveryOverdue);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Error, alert.Level);
        Assert.StartsWith("ALERT: the work of node node-1, life ", alert.Message, StringComparison.Ordinal);

        await _lab.Shard().PassAsync(0, CancellationToken.None);
        Assert.Equal(TaskPhase.Queued, (await _lab.TaskAsync(ran)).Phase);
        Assert.NotNull((await IncidentAsync()).RecoveredAt);
    }

    [Fact]
    public async Task Of_silos_that_find_it_at_the_same_time_one_tells_it()
    {
        await DieAsync();
        _lab.Time.Advance(Limit);

        await Task.WhenAll(_lab.Overdue().StepAsync(null, CancellationToken.None), _lab.Overdue().StepAsync(null, CancellationToken.None));

        Assert.Single(_lab.Logs.Of(EventIds.RecoveryOverdue));
        Assert.Single((await IncidentAsync()).Actions);
    }

    /// <summary>How often it is told when the silo that flags it dies at one of its two writes: it writes the flag, tells it, and writes that it did. The walks show that nothing else is lost, at any write.</summary>
    [Theory]
    [InlineData(1, InjectedFault.RequestLost, 0, 1)]
    [InlineData(1, InjectedFault.ReplyLost, 0, 1)]
    [InlineData(1, InjectedFault.LandsLate, 0, 1)]
    [InlineData(1, InjectedFault.Unusable, 0, 1)]
    [InlineData(2, InjectedFault.RequestLost, 1, 2)]
    [InlineData(2, InjectedFault.ReplyLost, 1, 1)]
    [InlineData(2, InjectedFault.LandsLate, 1, 2)]
    [InlineData(2, InjectedFault.Unusable, 1, 2)]
    public async Task An_alert_whose_silo_dies_while_it_flags_comes_from_another_once_more_rather_than_never(int nth, InjectedFault fault, int before, int after)
    {
        await DieAsync();
        _lab.Time.Advance(Limit);
        await FlagAsync(_lab.Overdue(), nth, fault);
        Assert.Equal(before, Alerts);

        await _lab.Overdue().StepAsync(null, CancellationToken.None);
        await _lab.Overdue().StepAsync(null, CancellationToken.None);

        Assert.Equal((after, after), (Alerts, _lab.Events.Heard.Count(heard => heard == "node-1 recovery overdue")));
        Assert.Equal(["flagged overdue: KeepTrying"], (await IncidentAsync()).Actions.Select(action => action.What));
        Assert.NotNull((await IncidentAsync()).OverdueAt);
    }

    [Fact]
    public async Task A_silo_that_cannot_record_that_it_told_tells_once_all_the_same()
    {
        await DieAsync();
        _lab.Time.Advance(Limit);
        var overdue = _lab.Overdue();
        await FlagAsync(overdue, 2, InjectedFault.Unusable);
        _lab.Pass(1);
        await FlagAsync(overdue, 1, InjectedFault.Unusable);
        _lab.Pass(1);

        await overdue.StepAsync(null, CancellationToken.None);

        Assert.Equal(1, Alerts);
        Assert.Single((await IncidentAsync()).Actions);
    }

    [Fact]
    public async Task A_flag_that_nobody_told_is_told_before_the_recovery_is_complete()
    {
        await DieAsync();
        _lab.Time.Advance(Limit);
        await FlagAsync(_lab.Overdue(), 1, InjectedFault.ReplyLost);

        await _lab.Shard().PassAsync(0, CancellationToken.None);

        Assert.Equal(1, Alerts);
        Assert.Equal(["flagged overdue: KeepTrying", "attempts moved: 1"], (await IncidentAsync()).Actions.Select(action => action.What));
    }

    [Fact]
    public async Task Where_it_is_told_to_give_up_what_is_left_fails_with_the_reason()
    {
        (_lab.Recovery.FollowUp, _lab.Recovery.BatchSize) = (RecoveryFollowUp.FailRemaining, 2);
        TaskId[] ran = [await _lab.RunningAsync(1), await _lab.RunningAsync(1), await _lab.RunningAsync(1), await _lab.RunningAsync(1)];
        await _lab.KillAsync(1);
        var recovery = _lab.NodeRecovery();
        var turns = await recovery.BeginAsync(await _lab.NodeAsync(1), CancellationToken.None);
        turns = await recovery.TakeTurnAsync(turns!, CancellationToken.None);
        _lab.Time.Advance(Limit);

        while (turns is not null)
        {
            _lab.Pass(0.01); // which grants the next batch
            turns = await recovery.TakeTurnAsync(turns, CancellationToken.None);
        }

        var tasks = new List<TaskPhase>();
        foreach (var id in ran)
        {
            tasks.Add((await _lab.TaskAsync(id)).Phase);
        }

        Assert.Equal([TaskPhase.Queued, TaskPhase.Queued, TaskPhase.Failed, TaskPhase.Failed], tasks);
        var failure = (await _lab.TaskAsync(ran[3])).Life.Failure!;
        Assert.Equal((FailureKind.RecoveryTimeout, FailureResponse.Failed, "node-1"), (failure.Kind, failure.Response, failure.Node));
        Assert.Contains("was not recovered within 300 s", failure.Message, StringComparison.Ordinal);
        Assert.Equal([ran[2], ran[3]], _lab.Pipeline.Posted.OfType<TasksEnded>().SelectMany(ended => ended.Tasks).Select(task => task.Id));
        Assert.Equal(["flagged overdue: FailRemaining", "attempts moved: 4"], (await IncidentAsync()).Actions.Select(action => action.What));
    }

    [Fact]
    public async Task A_recovery_that_the_store_holds_up_for_longer_than_its_time_is_flagged_when_the_store_is_back()
    {
        await DieAsync();
        var shard = _lab.Shard(_lab.Overdue());
        _lab.Engine.Plan = _ => InjectedFault.Unusable;
        await shard.PassAsync(0, CancellationToken.None);
        _lab.Time.Advance(Limit);
        _lab.Engine.Plan = FaultPlans.Nothing;

        await shard.PassAsync(0, CancellationToken.None);

        Assert.Equal(
            ["node-1 dead", "node-1 recovery started", "node-1 recovery overdue", "node-1 recovery completed"], _lab.Events.Heard);
    }

    [Fact]
    public async Task What_is_recovered_in_time_is_never_flagged()
    {
        await DieAsync();
        await _lab.Shard().PassAsync(0, CancellationToken.None);
        _lab.Time.Advance(2 * Limit);

        await _lab.Overdue().StepAsync(null, CancellationToken.None);

        Assert.Null((await IncidentAsync()).OverdueAt);
        Assert.Empty(_lab.Logs.Of(EventIds.RecoveryOverdue));
    }

    private int Alerts => _lab.Logs.Of(EventIds.RecoveryOverdue).Count;

    /// <summary>Makes a step on a store of which the n-th write from now is the last that comes through.</summary>
    private async Task FlagAsync(OverdueSweeper overdue, int nth, InjectedFault fault)
    {
        var last = _lab.Engine.Writes + nth;
        _lab.Engine.Plan = call => call.Write == last ? fault : call.Write > last ? InjectedFault.Unusable : InjectedFault.None;
        await Assert.ThrowsAnyAsync<FaultToleranceException>(() => overdue.StepAsync(null, CancellationToken.None));
        _lab.Engine.Plan = FaultPlans.Nothing;
    }

    private async Task<TaskId> DieAsync()
    {
        var ran = await _lab.RunningAsync(1);
        await _lab.KillAsync(1);
        return ran;
    }

    private async Task<IncidentSnapshot> IncidentAsync() => (await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None))!;
}
