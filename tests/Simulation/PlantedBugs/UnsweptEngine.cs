using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests.PlantedBugs;

/// <summary>A store that does not show owners whose lives are over and recovered: what a zombie claimed afterwards is never found.</summary>
internal sealed class UnsweptEngine(IStorageEngine inner) : EngineDecorator(inner)
{
    public override async Task<IReadOnlyList<NodeIncarnation>> ListOwnersAsync(CancellationToken cancellationToken)
    {
        var over = (await Inner.ListNodesAsync(int.MaxValue, cancellationToken))
            .Where(row => row.Phase == NodePhase.Left || row.Recovered is not null)
            .Select(row => row.Incarnation);
        return [.. (await Inner.ListOwnersAsync(cancellationToken)).Except(over)];
    }
}
