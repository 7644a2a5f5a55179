using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests.PlantedBugs;

/// <summary>A store without the fence: a write is applied whichever attempt and owner its row has meanwhile.</summary>
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
        update with { IfAttempt = row.Attempt, IfOwner = row.Owner, IfToken = null };
}
