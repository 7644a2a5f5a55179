using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests.PlantedBugs;

/// <summary>A store in which a new dependent does not look at what it needs: what ended before it came never wakes it.</summary>
internal sealed class BlindEngine(IStorageEngine inner) : EngineDecorator(inner)
{
    public override Task LookAtDependenciesAsync(IReadOnlyList<TaskId> dependents, CancellationToken cancellationToken) => Task.CompletedTask;
}
