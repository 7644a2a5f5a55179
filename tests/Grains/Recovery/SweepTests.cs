using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tests.Nodes;

namespace FaultTolerance.Grains.Tests.Recovery;

/// <summary>What recovery looks for again and again, beside dead nodes.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await StoreLab.OpenAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_dependent_whose_wake_was_lost_is_woken()
    {
        var needed = await _lab.EndedAsync(TaskPhase.Succeeded);
        var dependent = await _lab.InsertAsync(task => task with { Phase = TaskPhase.Waiting }, null, needed);

        await StepAsync(_lab.Dependents());

        Assert.Equal(TaskPhase.Queued, (await _lab.TaskAsync(dependent)).Phase);
        Assert.Equal(1, _lab.Pipeline.Offers);
    }

    [Fact]
    public async Task The_wakes_that_a_node_took_with_it_are_made_up_for_at_once()
    {
        var sweeper = _lab.Dependents();
        await StepAsync(sweeper);
        var needed = await _lab.EndedAsync(TaskPhase.Succeeded);
        var dependent = await _lab.InsertAsync(task => task with { Phase = TaskPhase.Waiting }, null, needed);

        await StepAsync(sweeper);
        Assert.Equal(TaskPhase.Waiting, (await _lab.TaskAsync(dependent)).Phase); // the next round is in 30 s
        await StepAsync(sweeper, lastLoss: _lab.Store.Now);

        Assert.Equal(TaskPhase.Queued, (await _lab.TaskAsync(dependent)).Phase);
    }

    [Fact]
    public async Task A_dependent_that_waits_for_something_is_not_woken()
    {
        var needed = await _lab.InsertAsync(task => task);
        var dependent = await _lab.InsertAsync(task => task with { Phase = TaskPhase.Waiting }, null, needed);
        _lab.Pass(30);

        await StepAsync(_lab.Dependents());

        Assert.Equal(TaskPhase.Waiting, (await _lab.TaskAsync(dependent)).Phase);
        Assert.Equal(0, _lab.Pipeline.Offers);
    }

    [Fact]
    public async Task Tasks_that_nobody_runs_fail_at_their_deadline()
    {
        var needed = await _lab.InsertAsync(task => task);
        var waiting = await _lab.InsertAsync(task => task with { Phase = TaskPhase.Waiting, Deadline = _lab.Store.Now.AddSeconds(60) }, null, needed);
        var queued = await _lab.InsertAsync(task => task with { Due = _lab.Store.Now.AddDays(1), Deadline = _lab.Store.Now.AddSeconds(60) });
        var later = await _lab.InsertAsync(task => task with { Deadline = _lab.Store.Now.AddSeconds(61) });
        _lab.Pass(60);

        await StepAsync(_lab.Unfinished());

        var failed = await _lab.TasksAsync(TaskPhase.Failed);
        Assert.Equal([waiting, queued], failed.Select(task => task.Id));
        Assert.All(failed, task => Assert.Equal(FailureKind.DeadlineExceeded, task.Life.Failure!.Kind));
        Assert.Equal(TaskPhase.Queued, (await _lab.TaskAsync(later)).Phase);
        Assert.Equal([waiting, queued], _lab.Pipeline.Posted.OfType<TasksEnded>().SelectMany(ended => ended.Tasks).Select(task => task.Id));
    }

    [Fact]
    public async Task A_task_that_was_not_started_within_its_pending_timeout_fails()
    {
        var limit = TimeSpan.FromSeconds(60);
        var overdue = await _lab.InsertAsync(task => task with { Spec = task.Spec with { PendingTimeout = limit } });
        var putOff = await _lab.InsertAsync(task => task with { Spec = task.Spec with { PendingTimeout = limit }, Due = _lab.Store.Now.AddSeconds(10) });
        _lab.Pass(60);

        await StepAsync(_lab.Unfinished());

        Assert.Equal(FailureKind.PendingTimeout, (await _lab.TaskAsync(overdue)).Life.Failure!.Kind);
        Assert.Equal(TaskPhase.Queued, (await _lab.TaskAsync(putOff)).Phase);
    }

    [Fact]
    public async Task A_retry_that_waits_for_a_node_has_no_pending_timeout()
    {
        await _lab.JoinAsync(1);
        var retried = await _lab.InsertAsync(task => task with
        {
            Phase = TaskPhase.Running,
            Attempt = 1,
            Owner = NodeFacts.Life(1),
            Claimed = _lab.Store.Now,
            Spec = task.Spec with { PendingTimeout = TimeSpan.FromSeconds(60) },
        });
        await _lab.KillAsync(1);
        await _lab.RecoverAsync(1);
        _lab.Pass(600);

        await StepAsync(_lab.Unfinished());

        Assert.Equal(TaskPhase.Queued, (await _lab.TaskAsync(retried)).Phase);
    }

    [Theory]
    [InlineData(TaskPhase.Waiting)]
    [InlineData(TaskPhase.Queued)]
    [InlineData(TaskPhase.Running)]
    public async Task A_child_that_its_parents_cancellation_did_not_reach_is_cancelled(TaskPhase phase)
    {
        var parent = await _lab.EndedAsync(TaskPhase.Cancelled);
        var child = await InsertChildAsync(parent, phase);
        var detached = await InsertChildAsync(parent, phase, isDetached: true);

        await StepAsync(_lab.Unfinished());

        var ended = Assert.Single(_lab.Pipeline.Posted.OfType<TasksEnded>().SelectMany(ended => ended.Tasks));
        Assert.Equal((child, TaskPhase.Cancelled), (ended.Id, (await _lab.TaskAsync(child)).Phase));
        Assert.Equal($"Its parent {parent} ended as Cancelled.", ended.Life.Failure!.Message);
        Assert.Equal(phase, (await _lab.TaskAsync(detached)).Phase);
    }

    [Fact]
    public async Task A_child_whose_parent_passed_its_deadline_is_cancelled()
    {
        var parent = await _lab.InsertAsync(task => task with { Deadline = _lab.Store.Now.AddSeconds(5) });
        var child = await InsertChildAsync(parent, TaskPhase.Queued);
        _lab.Pass(5);
        var sweeper = _lab.Unfinished();

        await StepAsync(sweeper);
        _lab.Pass(30);
        await StepAsync(sweeper);

        Assert.Equal((TaskPhase.Failed, TaskPhase.Cancelled), ((await _lab.TaskAsync(parent)).Phase, (await _lab.TaskAsync(child)).Phase));
    }

    [Theory]
    [InlineData(TaskPhase.Succeeded)]
    [InlineData(TaskPhase.Failed)]
    public async Task A_child_whose_parent_ended_otherwise_goes_on(TaskPhase phase)
    {
        var child = await InsertChildAsync(await _lab.EndedAsync(phase), TaskPhase.Queued);

        await StepAsync(_lab.Unfinished());

        Assert.Equal(TaskPhase.Queued, (await _lab.TaskAsync(child)).Phase);
    }

    [Fact]
    public async Task A_walk_over_many_tasks_takes_a_quarter_of_a_second_a_step_and_then_rests()
    {
        for (var i = 0; i < 450; i++)
        {
            await _lab.InsertAsync(task => task with { Deadline = _lab.Store.Now.AddSeconds(5) });
        }

        _lab.Pass(10);
        _lab.EachPageTakes(0.1); // the first one, of those that wait, is empty
        var sweeper = _lab.Unfinished();
        await StepAsync(sweeper);
        _lab.EachPageTakes(0);
        Assert.Equal(400, (await _lab.TasksAsync(TaskPhase.Failed)).Count);
        await StepAsync(sweeper);
        Assert.Equal(450, (await _lab.TasksAsync(TaskPhase.Failed)).Count);

        var late = await _lab.InsertAsync(task => task with { Deadline = _lab.Store.Now });
        await StepAsync(sweeper);
        Assert.Equal(TaskPhase.Queued, (await _lab.TaskAsync(late)).Phase);
        _lab.Pass(30);
        await StepAsync(sweeper);
        Assert.Equal(TaskPhase.Failed, (await _lab.TaskAsync(late)).Phase);
    }

    [Fact]
    public async Task Many_dependents_are_looked_at_for_a_quarter_of_a_second_a_step()
    {
        _lab.Recovery.BatchSize = 10;
        var needed = await _lab.EndedAsync(TaskPhase.Succeeded);
        for (var i = 0; i < 45; i++)
        {
            await _lab.InsertAsync(task => task with { Phase = TaskPhase.Waiting }, null, needed);
        }

        _lab.EachPageTakes(0.1);
        var sweeper = _lab.Dependents();
        await StepAsync(sweeper);
        _lab.EachPageTakes(0);
        Assert.Equal(30, (await _lab.TasksAsync(TaskPhase.Queued)).Count);
        await StepAsync(sweeper);

        Assert.Equal(45, (await _lab.TasksAsync(TaskPhase.Queued)).Count);
    }

    [Fact]
    public async Task What_is_older_than_its_retention_is_purged()
    {
        var succeeded = await _lab.EndedAsync(TaskPhase.Succeeded);
        var failed = await _lab.EndedAsync(TaskPhase.Failed);
        await _lab.JoinAsync(1);
        await _lab.KillAsync(1);
        var sweeper = _lab.Retention();

        _lab.Pass(24 * 3_600 - 1);
        await StepAsync(sweeper);
        Assert.Equal([succeeded, failed], (await _lab.TasksAsync()).Select(task => task.Id));
        _lab.Pass(30);
        await StepAsync(sweeper);
        Assert.Equal([failed], (await _lab.TasksAsync()).Select(task => task.Id));

        await _lab.RecoverAsync(1);
        _lab.Pass(7 * 24 * 3_600);
        await StepAsync(sweeper);
        Assert.Empty(await _lab.TasksAsync());
        Assert.Empty(await _lab.Store.ListNodesAsync(10, CancellationToken.None));
        Assert.Null(await _lab.Incidents.FindAsync(NodeFacts.Life(1), CancellationToken.None));
    }

    private Task<TaskId> InsertChildAsync(TaskId parent, TaskPhase phase, bool isDetached = false) => _lab.InsertAsync(task => task with
    {
        Phase = phase,
        Attempt = phase == TaskPhase.Running ? 1 : 0,
        Owner = phase == TaskPhase.Running ? NodeFacts.Life(1) : NodeIncarnation.None,
        Claimed = phase == TaskPhase.Running ? _lab.Store.Now : null,
        Spec = task.Spec with { Parent = parent, Detached = isDetached },
    });

    private static Task StepAsync(IRecoverySweeper sweeper, DateTimeOffset? lastLoss = null) => sweeper.StepAsync(lastLoss, CancellationToken.None);
}
