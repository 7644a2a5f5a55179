using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage;

/// <summary>The cluster's store: an engine with group commit, repeats, and settled outcomes.</summary>
/// <remarks>
/// Single writes of many callers are collected and committed in one round trip; alone, a write commits at once. Each caller awaits
/// its own commit, and a lost race is its own conflict. Deadlocks are repeated, a row that cannot be stored hurts its own
/// caller only, and a commit whose outcome is unknown is repeated until it is known, for at most
/// <see cref="StoreOptions.WriteTimeout"/>; then the caller gets a retryable <see cref="StoreException"/>.
/// <para>
/// A write is repeated by its token: while the row carries the token of a write, that same write is answered as applied, also when
/// the caller itself asks again after a failure. Only a row that somebody else has changed since answers
/// <see cref="TaskWriteStatus.Conflict"/>. Cancelling a call gives up the wait, not the write.
/// </para>
/// <para>Disposing of the store commits what was handed in, and closes it.</para>
/// </remarks>
public interface IDurableStore : ITaskRows, INodeRows, IEventRows, IGrainStateRows, IAsyncDisposable
{
    /// <summary>Gets what the store says of itself.</summary>
    StoreDescription Description { get; }

    /// <summary>Gets the store's present time, as this process knows it: monotonic, and independent of the machine's clock.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Gets what the store's clock shows at present, as this process knows it. It is <see cref="Now"/>, but after that clock was set back: then that stands still, and this goes on from where the clock is.</summary>
    /// <remarks>New rows get such times: what is to find them must not have gone further.</remarks>
    DateTimeOffset ClockReading { get; }

    /// <summary>Gets how often <see cref="Now"/> was found to be wrong and moved: somebody set the store's clock, or this machine slept.</summary>
    /// <remarks>Read it after <see cref="Now"/>. A time that was compared with the rows across a step says nothing of them.</remarks>
    int ClockSteps { get; }

    /// <summary>Gets how far <see cref="Now"/> may be from the store's own time, either way, as long as that is not set.</summary>
    TimeSpan ClockError { get; }

    /// <summary>Commits one conditional write of a task's row.</summary>
    Task<TaskWriteResult> WriteTaskAsync(TaskWrite write, CancellationToken cancellationToken = default);

    /// <summary>Commits independent conditional writes of tasks' rows; a row may occur more than once, and is then written in that order.</summary>
    /// <returns>One result for each write, in order.</returns>
    /// <exception cref="StoreException">
    /// Some of the writes may have been committed. For <see cref="StoreFault.Data"/> all have been answered but those of
    /// <see cref="StoreException.RefusedTasks"/>: asking again for the others gives their answers.
    /// </exception>
    Task<IReadOnlyList<TaskWriteResult>> WriteTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken = default);

    /// <summary>Commits one conditional write of a grain's state.</summary>
    Task<bool> WriteStateAsync(GrainStateWrite write, CancellationToken cancellationToken = default);

    /// <summary>Makes a token for a write.</summary>
    long NewToken();
}
