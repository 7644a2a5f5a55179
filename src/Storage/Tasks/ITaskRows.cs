using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Tasks;

/// <summary>The task rows of a store, apart from writing single rows.</summary>
/// <remarks>
/// Every operation is atomic for one row (with its edges) and may be repeated. Operations on many rows may be cut off between
/// rows. Dependents are woken without a counter: a dependent's edges commit with its row, then
/// <see cref="LookAtDependenciesAsync"/>; whoever completes a task commits it, then <see cref="ResolveEdgesAsync"/>, and then
/// in a later transaction <see cref="WakeAsync"/>. Whichever of the two comes last sees no unresolved edge and wakes.
/// </remarks>
public interface ITaskRows
{
    /// <summary>Claims rows that are queued and due, oldest due first.</summary>
    /// <exception cref="StoreException">The outcome may be unknown: rows may be claimed whose answer was lost.</exception>
    Task<IReadOnlyList<TaskRow>> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken);

    /// <summary>Returns the rows with these ids, in any order; unknown ids are left out.</summary>
    /// <param name="ids">At most <see cref="StoreLimits.Read"/> ids, each once.</param>
    /// <param name="cancellationToken">Gives up the read.</param>
    Task<IReadOnlyList<TaskRow>> ReadAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken);

    /// <summary>Returns a page of rows.</summary>
    Task<IReadOnlyList<TaskRow>> ListAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>Returns the number of rows in each phase; 0 for a phase without rows.</summary>
    Task<IReadOnlyDictionary<TaskPhase, long>> CountAsync(CancellationToken cancellationToken);

    /// <summary>Returns when the first queued row becomes due; null when none is queued.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>Returns each life that owns at least one running row.</summary>
    Task<IReadOnlyList<NodeIncarnation>> ListOwnersAsync(CancellationToken cancellationToken);

    /// <summary>Returns the parts of a payload, joined; null when there are none.</summary>
    Task<byte[]?> ReadPartsAsync(TaskId id, long token, CancellationToken cancellationToken);

    /// <summary>Returns the edges of a task.</summary>
    Task<TaskEdges> ReadEdgesAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>Marks the unresolved edges that lead from these final tasks as resolved.</summary>
    /// <returns>The dependents of the edges that lead from these tasks and that this call resolved, each once.</returns>
    Task<IReadOnlyList<TaskId>> ResolveEdgesAsync(IReadOnlyList<TaskId> finished, CancellationToken cancellationToken);

    /// <summary>Marks the unresolved edges that lead to these tasks as resolved where the task they lead from is final or unknown.</summary>
    Task LookAtDependenciesAsync(IReadOnlyList<TaskId> dependents, CancellationToken cancellationToken);

    /// <summary>Queues those of these tasks that are waiting and have no unresolved edge, due now or when they were due if that is later.</summary>
    /// <param name="dependents">The tasks to look at.</param>
    /// <param name="token">The token that each woken row carries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tasks that this call has queued.</returns>
    Task<IReadOnlyList<TaskId>> WakeAsync(IReadOnlyList<TaskId> dependents, long token, CancellationToken cancellationToken);

    /// <summary>Deletes final rows with the edges at both of their ends, keys and parts, but for those whose result a task that is not final needs.</summary>
    /// <param name="phase">The final phase to purge.</param>
    /// <param name="finishedBefore">The time before which the rows must have become final.</param>
    /// <param name="limit">How many rows to delete at the most: one small step.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many rows were deleted.</returns>
    Task<int> PurgeAsync(TaskPhase phase, DateTimeOffset finishedBefore, int limit, CancellationToken cancellationToken);
}
