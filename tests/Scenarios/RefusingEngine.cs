using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>An engine whose texts cannot hold a NUL, as PostgreSQL's cannot.</summary>
internal sealed class RefusingEngine(IStorageEngine inner) : EngineDecorator(inner)
{
    private int _commits;

    /// <summary>Gets how many batches of tasks it was asked to commit.</summary>
    public int Commits => Volatile.Read(ref _commits);

    public override Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _commits);
        return writes.Any(write => write is TaskInsert { IdempotencyKey: { } key } && key.Contains('\0', StringComparison.Ordinal))
            ? throw new StoreException(StoreFault.Data, "A text holds the character 0.")
            : base.CommitTasksAsync(writes, cancellationToken);
    }
}
