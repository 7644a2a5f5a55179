using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Sqlite.Databases;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <content>Lives of nodes. What keeps a node alive, or ends it, goes past the queue.</content>
internal sealed partial class SqliteEngine
{
    /// <inheritdoc/>
    public Task<bool> RegisterNodeAsync(NodeRow row, TimeSpan lease, CancellationToken cancellationToken)
    {
        var name = StoreText.Encode(row.Name, "The node's name");
        return _database.WriteAsync(
            connection =>
            {
                var now = Now;
                var inserted = connection.Prepare(NodeSql.Insert)
                    .Bind(row.Incarnation.Value).BindText(name).Bind((long)row.Phase).Bind(now).Bind(now + Micros(lease)).Bind(row.Info).Run();
                return inserted == 1 || connection.Prepare(NodeSql.IsThere)
                    .Bind(row.Incarnation.Value).BindText(name).Bind(row.Info).Any();
            },
            cancellationToken,
            isUrgent: true);
    }

    /// <inheritdoc/>
    public Task<bool> RenewLeaseAsync(LeaseRenewal renewal, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => connection.Prepare(NodeSql.Renew)
            .Bind(renewal.Incarnation.Value).Bind((long)renewal.Phase).Bind(renewal.Info).Bind(Now + Micros(renewal.Lease)).Bind(renewal.Sequence).Run() == 1,
        cancellationToken,
        isUrgent: true);

    /// <inheritdoc/>
    public Task<bool> EndNodeAsync(NodeEnd end, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => connection.Prepare(NodeSql.End)
            .Bind(end.Incarnation.Value).Bind((long)end.Phase).Bind(Now).Bind(end.IsProvedGone ? 1 : 0).Run() == 1,
        cancellationToken,
        isUrgent: true);

    /// <inheritdoc/>
    public Task<bool> MarkRecoveredAsync(NodeIncarnation incarnation, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => connection.Prepare(NodeSql.MarkRecovered)
            .Bind(incarnation.Value).Bind(Now).Bind((long)NodePhase.Dead).Run() == 1,
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeRow>> ListNodesAsync(int limit, CancellationToken cancellationToken)
    {
        var rows = await _database.ReadAsync(
            connection =>
            {
                var found = connection.Prepare(NodeSql.Living).Bind(limit).ReadAll(ReadNode);
                connection.Prepare(NodeSql.ListEnded).Bind(limit - found.Count).ReadInto(found, ReadNode);
                return found;
            },
            cancellationToken);
        rows.Sort((one, other) => other.Incarnation.CompareTo(one.Incarnation));
        return rows;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeRow>> ListCurrentNodesAsync(DateTimeOffset endedSince, int limit, CancellationToken cancellationToken)
    {
        var rows = await _database.ReadAsync(
            connection =>
            {
                var found = connection.Prepare(NodeSql.Living).Bind(limit).ReadAll(ReadNode);
                connection.Prepare(NodeSql.Unrecovered).Bind(limit - found.Count).ReadInto(found, ReadNode);
                connection.Prepare(NodeSql.Recent).Bind(limit - found.Count).Bind(StoreTime.ToMicroseconds(endedSince)).ReadInto(found, ReadNode);
                return found;
            },
            cancellationToken);
        rows.Sort((one, other) => other.Incarnation.CompareTo(one.Incarnation));
        return rows;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeRow>> ReadNodesAsync(IReadOnlyList<NodeIncarnation> incarnations, CancellationToken cancellationToken) =>
        await _database.ReadAsync(
            connection =>
            {
                var found = new List<NodeRow>();
                foreach (var incarnation in incarnations.Distinct())
                {
                    connection.Prepare(NodeSql.Read).Bind(incarnation.Value).ReadInto(found, ReadNode);
                }

                return found;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> PurgeNodesAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => connection.Prepare(NodeSql.Purge)
            .Bind(StoreTime.ToMicroseconds(endedBefore)).Bind((long)NodePhase.Dead).Bind(limit).Run(),
        cancellationToken);

    private static NodeRow ReadNode(Statement row) => new()
    {
        Incarnation = new NodeIncarnation(row.Long(0)),
        Name = row.Text(1),
        Phase = (NodePhase)row.Long(2),
        Joined = StoreTime.FromMicroseconds(row.Long(3)),
        LeaseEnds = StoreTime.FromMicroseconds(row.Long(4)),
        Ended = TaskRowReader.Time(row, 5),
        Recovered = TaskRowReader.Time(row, 6),
        Info = row.Bytes(7),
        Sequence = row.Long(8),
        IsProvedGone = row.LongOrNull(9) is { } proved ? proved == 1 : null,
    };

    private static long Micros(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;
}
