using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests.PlantedBugs;

/// <summary>A store that resolves the edges of a task and wakes its dependents as soon as it is claimed: before its outcome is committed.</summary>
internal sealed class EarlyWakeEngine(IStorageEngine inner) : EngineDecorator(inner)
{
    public override async Task<IReadOnlyList<TaskRow>> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken)
    {
        var rows = await Inner.ClaimAsync(claim, cancellationToken);
        var dependents = await Inner.ResolveEdgesAsync([.. rows.Select(row => row.Id)], cancellationToken);
        await Inner.WakeAsync(dependents, claim.Token, cancellationToken);
        return rows;
    }
}
