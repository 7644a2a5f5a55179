using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests.PlantedBugs;

/// <summary>A store in which recovery takes a row from whoever runs it now, and not from the dead node only that it was to be taken from.</summary>
internal sealed class UnownedRecoveryEngine(IStorageEngine inner) : EngineDecorator(inner)
{
    public override async Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        var rows = (await Inner.ReadAsync([.. writes.Select(write => write.Id)], cancellationToken)).ToDictionary(row => row.Id);
        var owners = writes.OfType<TaskUpdate>().Select(update => update.IfOwner).Where(owner => !owner.IsNone).ToList();
        var dead = (await Inner.ReadNodesAsync(owners, cancellationToken)).Where(node => node.Phase == NodePhase.Dead).Select(node => node.Incarnation).ToHashSet();
        return await Inner.CommitTasksAsync(
            [.. writes.Select(write => write is TaskUpdate { Phase: TaskPhase.Queued } update && dead.Contains(update.IfOwner) && rows.TryGetValue(write.Id, out var row)
                ? update with { IfAttempt = row.Attempt, IfOwner = row.Owner, IfToken = null }
                : write)],
            cancellationToken);
    }
}
