using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Testing.Tests.Checking;

/// <summary>What the audit must count, on a store of either engine.</summary>
public abstract class OutcomeAuditTests : IAsyncLifetime
{
    private static readonly NodeIncarnation Owner = new(42);

    private IStorageEngine _engine = null!;
    private IOutcomeAudit _audit = null!;

    public async ValueTask InitializeAsync()
    {
        (_engine, _audit) = await OpenAsync();
        await _engine.InitializeAsync(CancellationToken.None);
        await _audit.InstallAsync();
        await _audit.InstallAsync(); // a second demo on the same store
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Outcomes_committed_once_count_as_nothing()
    {
        var (succeeded, failed, running) = (await RunningAsync(), await RunningAsync(), await RunningAsync());

        await CommitAsync(succeeded, TaskPhase.Running, TaskPhase.Succeeded);
        await CommitAsync(failed, TaskPhase.Running, TaskPhase.Failed);
        await CommitAsync(running, TaskPhase.Running, TaskPhase.Queued);

        Assert.Equal(0, await _audit.CountDoubledAsync());
    }

    [Fact]
    public async Task A_second_commit_that_the_fence_refuses_counts_as_nothing()
    {
        var task = await RunningAsync();
        await CommitAsync(task, TaskPhase.Running, TaskPhase.Succeeded);

        await CommitAsync(task, TaskPhase.Running, TaskPhase.Succeeded);

        Assert.Equal(0, await _audit.CountDoubledAsync());
    }

    [Fact]
    public async Task A_task_whose_outcome_was_committed_again_counts_once_however_often()
    {
        var task = await RunningAsync();
        await CommitAsync(task, TaskPhase.Running, TaskPhase.Succeeded);

        // What a commit without a fence does.
        await CommitAsync(task, TaskPhase.Succeeded, TaskPhase.Succeeded);
        await CommitAsync(task, TaskPhase.Succeeded, TaskPhase.Failed);

        Assert.Equal(1, await _audit.CountDoubledAsync());
    }

    [Fact]
    public async Task A_store_without_the_audit_is_told_apart_from_one_where_nothing_was_done_twice()
    {
        await ForgetAsync();

        await Assert.ThrowsAsync<OutcomeAuditException>(() => _audit.CountDoubledAsync());
    }

    [Fact]
    public async Task An_audit_that_is_removed_goes_with_all_its_rows_and_another_one_of_the_same_store_counts_on()
    {
        var other = AuditNamed("audit of \"another\" run's");
        await other.InstallAsync();
        var task = await RunningAsync();
        await CommitAsync(task, TaskPhase.Running, TaskPhase.Succeeded);
        await CommitAsync(task, TaskPhase.Succeeded, TaskPhase.Succeeded);
        Assert.Equal(1, await other.CountDoubledAsync());

        await other.RemoveAsync();
        await other.RemoveAsync();
        await CommitAsync(task, TaskPhase.Succeeded, TaskPhase.Failed); // and nobody misses the trigger

        Assert.Equal(1, await _audit.CountDoubledAsync());
        await Assert.ThrowsAsync<OutcomeAuditException>(() => other.CountDoubledAsync());
        await other.InstallAsync();
        Assert.Equal(0, await other.CountDoubledAsync());
    }

    /// <summary>Returns another audit of the same store.</summary>
    private protected abstract IOutcomeAudit AuditNamed(string name);

    /// <summary>Takes the audit out of the store, as when the store was made anew.</summary>
    private protected abstract Task ForgetAsync();

    private protected abstract Task<(IStorageEngine Engine, IOutcomeAudit Audit)> OpenAsync();

    private async Task<TaskId> RunningAsync()
    {
        var id = TaskId.New();
        var row = new TaskRow
        {
            Id = id,
            Phase = TaskPhase.Running,
            Attempt = 1,
            Owner = Owner,
            Token = 1,
            Due = DateTimeOffset.UnixEpoch,
            Claimed = DateTimeOffset.UnixEpoch,
            Handler = "test@1",
            Spec = [0],
        };
        await _engine.CommitTasksAsync([new TaskInsert(row)], CancellationToken.None);
        return id;
    }

    private async Task CommitAsync(TaskId id, TaskPhase from, TaskPhase to) => await _engine.CommitTasksAsync(
        [
            new TaskUpdate(id, token: 2 + (long)to)
            {
                IfPhase = from,
                IfAttempt = 1,
                IfOwner = from == TaskPhase.Running ? Owner : NodeIncarnation.None,
                Phase = to,
                Attempt = 1,
                Due = DateTimeOffset.UnixEpoch,
                Life = [],
                Finished = to.IsFinal() ? DateTimeOffset.UnixEpoch : null,
            },
        ],
        CancellationToken.None);
}
