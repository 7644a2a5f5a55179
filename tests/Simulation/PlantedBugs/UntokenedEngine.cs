using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing.Simulation;

namespace FaultTolerance.Simulation.Tests.PlantedBugs;

/// <summary>A store that asks for attempt and owner of a row only, and not for the write that it carries: late saves and recoveries take the place of newer saves.</summary>
internal sealed class UntokenedEngine(IStorageEngine inner) : EngineDecorator(inner)
{
    public override Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken) =>
        Inner.CommitTasksAsync([.. writes.Select(write => write is TaskUpdate update ? update with { IfToken = null } : write)], cancellationToken);
}
