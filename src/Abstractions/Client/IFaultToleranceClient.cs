using System.Collections;
using System.Linq.Expressions;

namespace FaultTolerance;

/// <summary>Submits tasks and gets their results: from outside the cluster, inside a silo, or inside a handler.</summary>
/// <remarks>
/// Typed submits are the extension methods of <see cref="FaultToleranceClientExtensions"/>. A submit that has returned
/// survives the death of any process. Every call may be repeated.
/// </remarks>
public interface IFaultToleranceClient
{
    /// <summary>Gets the session whose mailbox gets the outcomes of this client's tasks.</summary>
    SessionId Session { get; }

    /// <summary>Submits one call; on return it is durable.</summary>
    /// <param name="call">A lambda over the handler's class or interface whose body is one call of a handler.</param>
    /// <param name="options">What the call asks for beyond its arguments.</param>
    /// <param name="cancellationToken">Gives up waiting for the acceptance; whether the call was accepted is then unknown.</param>
    /// <returns>The id of the task: the one asked for, or that of the task that holds the idempotency key.</returns>
    /// <exception cref="SubmitRejectedException">The call was not accepted; nothing was enqueued.</exception>
    /// <exception cref="SubmitTimeoutException">No gateway answered; whether the call was accepted is unknown.</exception>
    Task<TaskId> SubmitCallAsync(LambdaExpression call, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Submits one call for each item; on return all are durable. The lambda is analysed once.</summary>
    /// <param name="call">A lambda over the handler's class or interface and an item, whose body is one call of a handler.</param>
    /// <param name="items">The items, in the order of the ids returned.</param>
    /// <param name="options">What every call asks for; an id or an idempotency key is not allowed.</param>
    /// <param name="cancellationToken">Gives up waiting for the acceptance; whether calls were accepted is then unknown.</param>
    /// <remarks>
    /// As many calls as may be under way at once (4,000, or 8 MiB of arguments, by default) are made before the first is sent: if one of them
    /// cannot be sent, or an item cannot be made, nothing is enqueued. Of more items the later calls are made while the first are sent.
    /// </remarks>
    /// <exception cref="SubmitRejectedException">A call was not accepted; nothing was enqueued.</exception>
    /// <exception cref="PartialSubmitException">A call was not accepted, or an item could not be made, when others had been accepted; it has their ids.</exception>
    /// <exception cref="SubmitTimeoutException">No gateway answered; it has the ids of which it is unknown whether they were accepted. No others were.</exception>
    Task<IReadOnlyList<TaskId>> SubmitCallsAsync(LambdaExpression call, IEnumerable items, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Waits for a task to end and returns its value.</summary>
    /// <param name="reference">The value asked for.</param>
    /// <param name="timeout">How long to wait; without end when null.</param>
    /// <param name="cancellationToken">Gives up waiting. The task goes on.</param>
    /// <exception cref="TaskFailedException">The task has failed.</exception>
    /// <exception cref="TaskCancelledException">The task was cancelled.</exception>
    /// <exception cref="TaskUnknownException">No such task was accepted, or its retention has ended.</exception>
    /// <exception cref="TimeoutException">The task has not ended within the time-out; it goes on.</exception>
    Task<T> GetAsync<T>(ObjectRef<T> reference, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>Waits until at least <paramref name="count"/> of the tasks have ended, in whatever way.</summary>
    /// <remarks>A task that is unknown counts as ended, for it will not end any more; getting its value says so.</remarks>
    /// <param name="references">What to wait for.</param>
    /// <param name="count">How many must have ended; 1 is "any", the number of references is "all".</param>
    /// <param name="timeout">How long to wait; without end when null. On time-out the result holds fewer ended ones.</param>
    /// <param name="cancellationToken">Gives up waiting. The tasks go on.</param>
    Task<WaitResult> WaitAsync(IEnumerable<IObjectRef> references, int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>Cancels a task and its children; on return the cancellation is durable.</summary>
    /// <returns>The task as it is now; null when it is unknown.</returns>
    Task<TaskSnapshot?> CancelAsync(TaskId id, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Returns a task as it is now; null when it is unknown.</summary>
    Task<TaskSnapshot?> GetSnapshotAsync(TaskId id, CancellationToken cancellationToken = default);

    /// <summary>Returns a task with every attempt; null when it is unknown.</summary>
    Task<TaskHistory?> GetHistoryAsync(TaskId id, CancellationToken cancellationToken = default);

    /// <summary>Returns a task with what it depends on, what depends on it and what it submitted; null when it is unknown.</summary>
    Task<TaskLineage?> GetLineageAsync(TaskId id, CancellationToken cancellationToken = default);
}
