using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Engines;

/// <summary>What a database must do to hold a cluster's data. <see cref="IDurableStore"/> builds on it what all engines share.</summary>
/// <remarks>
/// <para>
/// An engine does what it is told once, and says truly what happened. It does not retry, split or queue: the store above it
/// does. Every failure is a <see cref="StoreException"/> whose <see cref="StoreException.Fault"/> tells what kind it is.
/// Any method may be called from many threads at a time.
/// </para>
/// <para>
/// A write that was answered is on disk. When the answer is lost the engine says so (<see cref="StoreException.IsOutcomeUnknown"/>),
/// and the same write must be safe to repeat: it then queues behind the first one's row lock, so that the first one has either
/// landed or never will.
/// </para>
/// </remarks>
public interface IStorageEngine : ITaskRows, INodeRows, IEventRows, IGrainStateRows, IAsyncDisposable
{
    /// <summary>Gets the engine's name for logs and tables: <c>sqlite</c>, <c>postgres</c>, <c>memory</c>.</summary>
    string Name { get; }

    /// <summary>Gets how many batches of writes may usefully be under way at a time.</summary>
    int WriteLanes { get; }

    /// <summary>Opens the database, makes or migrates its tables under one lock, and checks that it is durable.</summary>
    /// <returns>The durability settings, read back from the server.</returns>
    /// <exception cref="StoreException">The database cannot be used; the message names the remedy and no password.</exception>
    Task<StoreDescription> InitializeAsync(CancellationToken cancellationToken);

    /// <summary>Returns the store's own time.</summary>
    Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken);

    /// <summary>Commits independent conditional writes in one round trip.</summary>
    /// <param name="writes">At most 1,000 writes, each of another row and with another idempotency key, in the order of their ids.</param>
    /// <param name="cancellationToken">Gives up waiting; the outcome is then unknown.</param>
    /// <returns>One result for each write, in order.</returns>
    Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken);

    /// <summary>Commits independent conditional writes of grain states in one round trip.</summary>
    /// <param name="writes">At most 1,000 writes, each of another key, in ordinal order of their keys.</param>
    /// <param name="cancellationToken">Gives up waiting; the outcome is then unknown.</param>
    /// <returns>For each write, in order, whether it was applied.</returns>
    Task<IReadOnlyList<bool>> CommitStatesAsync(IReadOnlyList<GrainStateWrite> writes, CancellationToken cancellationToken);
}
