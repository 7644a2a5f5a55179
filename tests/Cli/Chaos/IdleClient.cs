using System.Collections;
using System.Linq.Expressions;

namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>A client of no cluster: whatever it submits it takes for accepted, and has the result of, which is nothing.</summary>
internal sealed class IdleClient : IFaultToleranceClient
{
    /// <summary>Gets what happens when a result is asked for: it may throw, when there is none.</summary>
    public Action<TaskId> OnGet { get; init; } = static _ => { };

    public SessionId Session { get; } = SessionId.New();

    public async Task<TaskId> SubmitCallAsync(LambdaExpression call, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield(); // a load that is answered at once would never let anybody else have a turn
        return TaskId.New();
    }

    public Task<IReadOnlyList<TaskId>> SubmitCallsAsync(
        LambdaExpression call, IEnumerable items, SubmitOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public async Task<T> GetAsync<T>(ObjectRef<T> reference, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        OnGet(reference.TaskId);
        return default!;
    }

    public Task<WaitResult> WaitAsync(
        IEnumerable<IObjectRef> references, int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new WaitResult([.. references], []));

    public Task<TaskSnapshot?> CancelAsync(TaskId id, string? reason = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<TaskSnapshot?> GetSnapshotAsync(TaskId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<TaskHistory?> GetHistoryAsync(TaskId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<TaskLineage?> GetLineageAsync(TaskId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
