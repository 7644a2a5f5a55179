using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Testing;

/// <summary>A store without the fence: a write is applied whichever phase, attempt and owner its row has meanwhile.</summary>
/// <remarks>To prove that checkers can fail. No setting of any host leads here: a silo does not have this library, and it is not public.</remarks>
internal sealed class UnfencedEngine(IStorageEngine inner) : EngineDecorator(inner)
{
    public override async Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        var rows = (await Inner.ReadAsync([.. writes.Select(write => write.Id)], cancellationToken)).ToDictionary(row => row.Id);
        return await Inner.CommitTasksAsync(
            [.. writes.Select(write => write is TaskUpdate update && rows.TryGetValue(write.Id, out var row) ? Unfenced(update, row) : write)],
            cancellationToken);
    }

    private static TaskUpdate Unfenced(TaskUpdate update, TaskRow row) =>
        update with { IfPhase = row.Phase, IfAttempt = row.Attempt, IfOwner = row.Owner, IfToken = null };
}
