using System.Collections;
using System.Linq.Expressions;

namespace FaultTolerance.Grains.Execution;

/// <summary>A handler's client: while the handler waits for tasks by it, other attempts may use its slot.</summary>
internal sealed class LendingClient(IFaultToleranceClient inner, SlotLoan loan) : IFaultToleranceClient
{
    public SessionId Session => inner.Session;

    public Task<TaskId> SubmitCallAsync(LambdaExpression call, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.SubmitCallAsync(call, options, cancellationToken);

    public Task<IReadOnlyList<TaskId>> SubmitCallsAsync(
        LambdaExpression call, IEnumerable items, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.SubmitCallsAsync(call, items, options, cancellationToken);

    public Task<T> GetAsync<T>(ObjectRef<T> reference, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        loan.DuringAsync(inner.GetAsync(reference, timeout, cancellationToken));

    public Task<WaitResult> WaitAsync(
        IEnumerable<IObjectRef> references, int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        loan.DuringAsync(inner.WaitAsync(references, count, timeout, cancellationToken));

    public Task<TaskSnapshot?> CancelAsync(TaskId id, string? reason = null, CancellationToken cancellationToken = default) =>
        inner.CancelAsync(id, reason, cancellationToken);

    public Task<TaskSnapshot?> GetSnapshotAsync(TaskId id, CancellationToken cancellationToken = default) =>
        inner.GetSnapshotAsync(id, cancellationToken);

    public Task<TaskHistory?> GetHistoryAsync(TaskId id, CancellationToken cancellationToken = default) =>
        inner.GetHistoryAsync(id, cancellationToken);

    public Task<TaskLineage?> GetLineageAsync(TaskId id, CancellationToken cancellationToken = default) =>
        inner.GetLineageAsync(id, cancellationToken);
}
