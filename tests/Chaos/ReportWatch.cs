using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Chaos.Tests;

/// <summary>An engine that tells when the store has answered the report of a certain attempt, and what.</summary>
internal sealed class ReportWatch(IStorageEngine inner, int attempt, TaskCompletionSource<bool> isApplied) : EngineDecorator(inner)
{
    public override async Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        var results = await Inner.CommitTasksAsync(writes, cancellationToken);
        foreach (var (write, result) in writes.Zip(results))
        {
            if (write is TaskUpdate update && update.IfAttempt == attempt && update.Phase.IsFinal())
            {
                isApplied.TrySetResult(result.IsApplied);
            }
        }

        return results;
    }
}
