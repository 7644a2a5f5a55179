using System.Diagnostics.Metrics;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;

namespace FaultTolerance.Grains.Tests.Recovery;

/// <summary>What becomes of the work of a dead node, in the store.</summary>
public sealed class NodeRecoveryTests : IAsyncLifetime
{
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await StoreLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Retries_that_recovery_decides_are_counted_by_their_cause()
    {
        var counted = new List<(long, object?)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "faulttolerance.task.retries" && instrument.Meter.Scope == _lab.Meters)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => counted.Add((count, tags[0].Value)));
        listener.Start();
        var waiting = await _lab.RunningAsync(1);
        await _lab.RunningAsync(1);
        await _lab.RunningAsync(1, new TaskRetryPolicy { MaxCrashRetries = 0 });
        await _lab.JoinAsync(1, waiting: [waiting]);
        await _lab.KillAsync(1);

        await _lab.RecoverAsync(1);

        Assert.Equal([(1L, (object?)"Crash")], counted);
    }

    [Fact]
    public async Task What_a_dead_node_ran_is_queued_again_and_its_incident_says_so()
    {
        await _lab.JoinAsync(1);
        TaskId[] ran = [await _lab.RunningAsync(1), await _lab.RunningAsync(1)];
        var other = await _lab.RunningAsync(2);
        await _lab.KillAsync(1);

        await RecoverAsync();

        Assert.Equal(ran, (await _lab.TasksAsync(TaskPhase.Queued)).Select(task => task.Id));
        Assert.Equal(TaskPhase.Running, (await _lab.TaskAsync(other)).Phase);
        Assert.NotNull((await _lab.RowAsync(1)).Recovered);
        var incident = (await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None))!;
        Assert.Equal((2, _lab.Store.Now), (incident.AttemptsAffected, incident.RecoveredAt));
        Assert.Equal(["attempts moved: 2"], incident.Actions.Select(action => action.What));
        Assert.Equal(["node-1 dead", "node-1 recovery started", "node-1 recovery completed"], _lab.Events.Heard);
        Assert.Equal(1, _lab.Pipeline.Offers);
    }

    [Fact]
    public async Task Attempts_that_had_not_started_are_given_back_free()
    {
        var (started, waiting) = (await _lab.RunningAsync(1), await _lab.RunningAsync(1));
        await _lab.JoinAsync(1, waiting: [waiting]);
        await _lab.KillAsync(1);

        await RecoverAsync();

        Assert.Equal(1, (await _lab.TaskAsync(started)).Life.Charges);
        Assert.Equal(0, (await _lab.TaskAsync(waiting)).Life.Charges);
    }

    [Fact]
    public async Task The_kind_of_death_decides_whose_budget_pays()
    {
        await _lab.JoinAsync(1);
        await _lab.JoinAsync(2);
        var (crashed, lost) = (await _lab.RunningAsync(1), await _lab.RunningAsync(2));
        _lab.Pass(5);
        await _lab.KillAsync(1, isProvedGone: true);
        await _lab.KillAsync(2, isProvedGone: false);

        await RecoverAsync();
        await RecoverAsync(2);

        Assert.Equal(FailureKind.Crash, (await _lab.TaskAsync(crashed)).Life.Failure!.Kind);
        Assert.Equal(FailureKind.NodeLost, (await _lab.TaskAsync(lost)).Life.Failure!.Kind);
    }

    [Fact]
    public async Task A_task_without_retries_left_fails_and_the_rest_is_told()
    {
        await _lab.JoinAsync(1);
        var last = await _lab.RunningAsync(1, new TaskRetryPolicy { MaxCrashRetries = 0 });
        await _lab.KillAsync(1);

        await RecoverAsync();

        Assert.Equal(TaskPhase.Failed, (await _lab.TaskAsync(last)).Phase);
        var ended = Assert.Single(_lab.Pipeline.Posted.OfType<TasksEnded>());
        Assert.Equal([last], ended.Tasks.Select(task => task.Id));
        Assert.Equal(0, _lab.Pipeline.Offers);
    }

    [Fact]
    public async Task Recovery_waits_for_the_incident_that_says_what_killed_the_node()
    {
        await _lab.JoinAsync(1);
        var ran = await _lab.RunningAsync(1);
        await _lab.Store.EndNodeAsync(new NodeEnd { Incarnation = NodeFacts.Life(1), Phase = NodePhase.Dead, IsProvedGone = true }, CancellationToken.None);

        Assert.False(await RecoverAsync());

        Assert.Equal(TaskPhase.Running, (await _lab.TaskAsync(ran)).Phase);
        Assert.Null((await _lab.RowAsync(1)).Recovered);
    }

    [Fact]
    public async Task A_cut_off_node_keeps_its_work_until_its_lease_has_ended()
    {
        await _lab.JoinAsync(1);
        _lab.Pass(4.999);

        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => _lab.KillAsync(1, isProvedGone: false));

        _lab.Pass(0.001);
        await _lab.KillAsync(1, isProvedGone: false);
    }

    [Fact]
    public async Task A_late_report_of_the_dead_changes_nothing()
    {
        await _lab.JoinAsync(1);
        var ran = await _lab.RunningAsync(1);
        var before = await _lab.TaskAsync(ran);
        await _lab.KillAsync(1);
        await RecoverAsync();

        var late = new TaskCommit(before, before with { Phase = TaskPhase.Succeeded, Finished = _lab.Store.Now }, _lab.Store.NewToken());

        Assert.False((await _lab.Store.WriteTaskAsync(_lab.Codec.Update(late))).IsApplied);
    }

    [Fact]
    public async Task What_the_dead_saved_between_the_look_at_its_rows_and_their_recovery_is_kept()
    {
        await _lab.JoinAsync(1);
        var ran = await _lab.TaskAsync(await _lab.RunningAsync(1));
        await _lab.KillAsync(1);
        var saved = TaskLifecycle.Apply(ran, new ProgressSaved(1, ran.Owner, "node-1", [7], "byte"), new TaskRetryPolicy(), _lab.Store.Now, 0).State;
        var save = _lab.Codec.Update(new TaskCommit(ran, saved, _lab.Store.NewToken(), IfToken: ran.Token));
        Task<IReadOnlyList<TaskWriteResult>>? zombie = null;
        _lab.Engine.Plan = call =>
        {
            if (zombie is null && call.Operation == nameof(IStorageEngine.CommitTasksAsync))
            {
                _lab.Engine.Plan = FaultPlans.Nothing;
                zombie = _lab.Engine.CommitTasksAsync([save], CancellationToken.None);
            }

            return InjectedFault.None;
        };

        await RecoverAsync();

        Assert.True(Assert.Single(await zombie!).IsApplied);
        var queued = await _lab.TaskAsync(ran.Id);
        Assert.Equal((TaskPhase.Queued, 1, 7), (queued.Phase, queued.Life.Charges, queued.Life.Progress!.Value[0]));
        Assert.Equal(1, (await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None))!.AttemptsAffected);
    }

    [Fact]
    public async Task Progress_that_the_dead_saves_after_its_recovery_changes_nothing()
    {
        await _lab.JoinAsync(1);
        var ran = await _lab.TaskAsync(await _lab.RunningAsync(1));
        await _lab.KillAsync(1);
        await RecoverAsync();

        var saved = TaskLifecycle.Apply(ran, new ProgressSaved(1, ran.Owner, "node-1", [7], "byte"), new TaskRetryPolicy(), _lab.Store.Now, 0).State;

        Assert.False((await _lab.Store.WriteTaskAsync(_lab.Codec.Update(new TaskCommit(ran, saved, _lab.Store.NewToken(), IfToken: ran.Token)))).IsApplied);
        Assert.Null((await _lab.TaskAsync(ran.Id)).Life.Progress);
    }

    [Fact]
    public async Task Recovering_twice_is_recovering_once()
    {
        await _lab.JoinAsync(1);
        var ran = await _lab.RunningAsync(1);
        await _lab.KillAsync(1);

        await Task.WhenAll(RecoverAsync(), RecoverAsync());

        Assert.Equal(1, (await _lab.TaskAsync(ran)).Life.Charges);
        Assert.Equal(1, (await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None))!.AttemptsAffected);
        Assert.Equal(1, _lab.Events.Heard.Count(heard => heard == "node-1 recovery completed"));
    }

    [Fact]
    public async Task Many_attempts_are_recovered_in_batches_at_the_rate_that_was_set()
    {
        (_lab.Recovery.BatchSize, _lab.Recovery.AttemptsPerSecond) = (10, 100);
        await _lab.JoinAsync(1);
        for (var i = 0; i < 35; i++)
        {
            await _lab.RunningAsync(1);
        }

        await _lab.KillAsync(1);
        var started = _lab.Store.Now;

        Assert.True(await RecoverAsync());

        Assert.Equal(35, (await _lab.TasksAsync(TaskPhase.Queued)).Count);
        Assert.Equal(TimeSpan.FromMilliseconds(270), _lab.Store.Now - started); // a first batch, 25 more, and room for two in the page that found nothing
    }

    /// <summary>
    /// The walk: at each of its writes, the first, the second and so on, the recoverer dies, before or after the write is
    /// committed. Its successor ends what it began, and nothing was charged twice.
    /// </summary>
    [Theory]
    [InlineData(InjectedFault.RequestLost)]
    [InlineData(InjectedFault.ReplyLost)]
    [InlineData(InjectedFault.LandsLate)]
    [InlineData(InjectedFault.Unusable)]
    public async Task A_recovery_that_is_killed_at_any_write_is_finished_by_its_successor(InjectedFault fault)
    {
        var hits = 0;
        for (var nth = 1; ; nth++)
        {
            await using var lab = await StoreLab.OpenAsync();
            lab.Recovery.BatchSize = 2;
            lab.Recovery.AttemptsPerSecond = 1_000_000;
            await lab.JoinAsync(1);
            for (var i = 0; i < 5; i++)
            {
                await lab.RunningAsync(1, i == 4 ? new TaskRetryPolicy { MaxCrashRetries = 0 } : null);
            }

            await lab.KillAsync(1);
            var died = await DiesAtAsync(lab, nth, fault);
            await lab.RecoverAsync(1);

            var tasks = await lab.TasksAsync();
            Assert.Equal([4, 1], [tasks.Count(task => task.Phase == TaskPhase.Queued), tasks.Count(task => task.Phase == TaskPhase.Failed)]);
            Assert.All(tasks, task => Assert.Equal((1, 1), (task.Life.Charges, task.Life.Attempts.Count)));
            Assert.NotNull((await lab.RowAsync(1)).Recovered);
            var incident = (await lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None))!;
            Assert.Equal((5, true, true), (incident.AttemptsAffected, incident.RecoveryStartedAt is not null, incident.RecoveredAt is not null));
            if (!died)
            {
                break;
            }

            hits++;
        }

        Assert.Equal(6, hits); // the beginning, three batches, and two writes at the end
    }

    /// <summary>Recovers on a store of which the n-th write is the last that comes through. Returns whether it came to that.</summary>
    private static async Task<bool> DiesAtAsync(StoreLab lab, int nth, InjectedFault fault)
    {
        var last = lab.Engine.Writes + nth;
        lab.Engine.Plan = call => call.Write == last ? fault : call.Write > last ? InjectedFault.Unusable : InjectedFault.None;
        try
        {
            await lab.RecoverAsync(1);
            return lab.Engine.Writes >= last;
        }
        catch (FaultToleranceException)
        {
            return true;
        }
        finally
        {
            lab.Engine.Plan = FaultPlans.Nothing;
        }
    }

    private async Task<bool> RecoverAsync(int number = 1) =>
        await _lab.RecoverAsync(number);
}
