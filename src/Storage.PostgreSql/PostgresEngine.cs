using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>A cluster's data in PostgreSQL.</summary>
internal sealed class PostgresEngine(PostgresStoreOptions options, PostgresConnections connections, ILogger logger) : IStorageEngine
{
    private const string ReadTime = "select store_now()";

    private readonly SessionPool _rows = connections.Rows;
    private readonly SessionPool _leases = connections.Leases;

    public string Name => "postgres";

    public int WriteLanes => options.WriteLanes;

    public async Task<StoreDescription> InitializeAsync(CancellationToken cancellationToken)
    {
        var check = new ServerCheck(options, _rows.Place, logger);
        var (version, durability) = await _rows.ReadAsync(check.RunAsync, cancellationToken);
        await new Migrator(options, connections.Migration, logger).MigrateAsync(cancellationToken);
        return new StoreDescription(
            $"PostgreSQL {version}", $"{_rows.Place}, schema '{options.Schema}'", Migration.CurrentVersion, durability);
    }

    public async Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken) =>
        (await _rows.ReadAsync(c => c.ListAsync(Statement.Of(ReadTime), row => row.Time(0)), cancellationToken))[0];

    public Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => new TaskCommit(writes).RunAsync(c), cancellationToken);

    public Task<IReadOnlyList<bool>> CommitStatesAsync(IReadOnlyList<GrainStateWrite> writes, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => StateCommit.RunAsync(c, writes), cancellationToken);

    public Task<GrainStateRow?> ReadStateAsync(string key, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => StateCommit.ReadAsync(c, key), cancellationToken);

    public Task<IReadOnlyList<TaskRow>> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => TaskStatements.ClaimAsync(c, claim), cancellationToken);

    public Task<IReadOnlyList<TaskRow>> ReadAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => TaskStatements.ReadAsync(c, ids), cancellationToken);

    public Task<IReadOnlyList<TaskRow>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => TaskStatements.ListAsync(c, query), cancellationToken);

    public Task<IReadOnlyDictionary<TaskPhase, long>> CountAsync(CancellationToken cancellationToken) =>
        _rows.ReadAsync(TaskStatements.CountAsync, cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        _rows.ReadAsync(TaskStatements.NextDueAsync, cancellationToken);

    public Task<IReadOnlyList<NodeIncarnation>> ListOwnersAsync(CancellationToken cancellationToken) =>
        _rows.ReadAsync(TaskStatements.ListOwnersAsync, cancellationToken);

    public Task<byte[]?> ReadPartsAsync(TaskId id, long token, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => TaskStatements.ReadPartsAsync(c, id, token), cancellationToken);

    public Task<TaskEdges> ReadEdgesAsync(TaskId id, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => TaskStatements.ReadEdgesAsync(c, id), cancellationToken);

    public Task<IReadOnlyList<TaskId>> ResolveEdgesAsync(IReadOnlyList<TaskId> finished, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => TaskStatements.ResolveAsync(c, finished), cancellationToken);

    public Task LookAtDependenciesAsync(IReadOnlyList<TaskId> dependents, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => TaskStatements.LookAtDependenciesAsync(c, dependents), cancellationToken);

    public Task<IReadOnlyList<TaskId>> WakeAsync(IReadOnlyList<TaskId> dependents, long token, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => TaskStatements.WakeAsync(c, dependents, token), cancellationToken);

    public Task<int> PurgeAsync(TaskPhase phase, DateTimeOffset finishedBefore, int limit, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => TaskStatements.PurgeAsync(c, phase, finishedBefore, limit), cancellationToken);

    public Task<bool> RegisterNodeAsync(NodeRow row, TimeSpan lease, CancellationToken cancellationToken) =>
        _leases.WriteAsync(c => NodeStatements.RegisterAsync(c, row, lease), cancellationToken);

    public Task<bool> RenewLeaseAsync(LeaseRenewal renewal, CancellationToken cancellationToken) =>
        _leases.WriteAsync(c => NodeStatements.RenewAsync(c, renewal), cancellationToken);

    public Task<bool> EndNodeAsync(NodeEnd end, CancellationToken cancellationToken) =>
        _leases.WriteAsync(c => NodeStatements.EndAsync(c, end), cancellationToken);

    public Task<bool> MarkRecoveredAsync(NodeIncarnation incarnation, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => NodeStatements.MarkRecoveredAsync(c, incarnation), cancellationToken);

    public Task<IReadOnlyList<NodeRow>> ListNodesAsync(int limit, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => NodeStatements.ListAsync(c, limit), cancellationToken);

    public Task<IReadOnlyList<NodeRow>> ListCurrentNodesAsync(DateTimeOffset endedSince, int limit, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => NodeStatements.ListCurrentAsync(c, endedSince, limit), cancellationToken);

    public Task<IReadOnlyList<NodeRow>> ReadNodesAsync(IReadOnlyList<NodeIncarnation> incarnations, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => NodeStatements.ReadAsync(c, incarnations), cancellationToken);

    public Task<int> PurgeNodesAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => NodeStatements.PurgeAsync(c, endedBefore, limit), cancellationToken);

    public Task<bool> AddEventAsync(EventRow row, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => EventStatements.AddAsync(c, row), cancellationToken);

    public Task<bool> UpdateEventAsync(EventRow row, long ifToken, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => EventStatements.UpdateAsync(c, row, ifToken), cancellationToken);

    public Task<EventRow?> ReadEventAsync(string key, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => EventStatements.ReadAsync(c, key), cancellationToken);

    public Task<IReadOnlyList<EventRow>> ListEventsAsync(string? kind, int limit, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => EventStatements.ListAsync(c, kind, limit), cancellationToken);

    public Task<IReadOnlyList<EventRow>> ListEventsAfterAsync(string kind, DateTimeOffset at, string? key, int limit, CancellationToken cancellationToken) =>
        _rows.ReadAsync(c => EventStatements.ListAfterAsync(c, kind, at, key, limit), cancellationToken);

    public Task<int> PurgeEventsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        _rows.WriteAsync(c => EventStatements.PurgeAsync(c, before, limit), cancellationToken);

    public ValueTask DisposeAsync() => connections.DisposeAsync();
}
