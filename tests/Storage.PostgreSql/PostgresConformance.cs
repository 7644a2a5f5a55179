using FaultTolerance.Storage.Conformance;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>The suites of all engines on PostgreSQL, each in a schema of its own.</summary>
public static class PostgresConformance
{
    public sealed class TaskWrites(SharedServer shared) : TaskWritesConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);

        protected override TaskInsert Poison(TaskInsert insert) => RefusedByTheServer(insert);
    }

    public sealed class TaskKeys(SharedServer shared) : TaskKeysConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);
    }

    public sealed class TaskPayloads(SharedServer shared) : TaskPayloadsConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);
    }

    public sealed class TaskClaims(SharedServer shared) : TaskClaimsConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);
    }

    public sealed class TaskEdges(SharedServer shared) : TaskEdgesConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);
    }

    public sealed class TaskQueries(SharedServer shared) : TaskQueriesConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);
    }

    public sealed class TaskRetention(SharedServer shared) : TaskRetentionConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);
    }

    public sealed class NodeRows(SharedServer shared) : NodeRowsConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);
    }

    public sealed class EventRows(SharedServer shared) : EventRowsConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);
    }

    public sealed class GrainState(SharedServer shared) : GrainStateConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);
    }

    public sealed class DurableStore(SharedServer shared) : DurableStoreConformance
    {
        protected override Task<IStorageEngine> OpenAsync() => shared.OpenEmptyAsync(this);

        protected override TaskInsert Poison(TaskInsert insert) => RefusedByTheServer(insert);
    }

    // Its text cannot hold this character; no check of ours stands before.
    private static TaskInsert RefusedByTheServer(TaskInsert insert) => insert with { Row = insert.Row with { Handler = "a\0b" } };
}
