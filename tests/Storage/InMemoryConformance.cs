using FaultTolerance.Storage.Conformance;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.InMemory;

namespace FaultTolerance.Storage.Tests;

/// <summary>The suites of all engines on the one that tests and simulations run on.</summary>
public static class InMemoryConformance
{
    private static Task<IStorageEngine> OpenEngineAsync() => Task.FromResult(InMemoryStore.CreateEngine(TimeProvider.System));

    public sealed class TaskWrites : TaskWritesConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class TaskKeys : TaskKeysConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class TaskPayloads : TaskPayloadsConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class TaskClaims : TaskClaimsConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class TaskEdges : TaskEdgesConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class TaskQueries : TaskQueriesConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class TaskRetention : TaskRetentionConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class DurableStore : DurableStoreConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class NodeRows : NodeRowsConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class EventRows : EventRowsConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }

    public sealed class GrainState : GrainStateConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => OpenEngineAsync();
    }
}
