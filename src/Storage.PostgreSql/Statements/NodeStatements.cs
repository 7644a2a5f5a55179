using FaultTolerance.Storage.Nodes;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>The rows of nodes and their leases, counted on the server's clock.</summary>
internal static class NodeStatements
{
    internal const string Insert =
        """
        insert into node (incarnation, name, phase, joined, lease_ends, info)
        select $1, $2, $3, now, now + $4, $5 from store_now() as now
        on conflict do nothing
        """;

    internal const string IsThere =
        "select exists (select from node where incarnation = $1 and name = $2 and info = $3 and ended is null)";

    internal const string Renew =
        """
        update node set
            phase = case when sequence > $5 then phase else $2 end,
            info = case when sequence > $5 then info else $3 end,
            lease_ends = case when sequence > $5 then lease_ends else (select store_now()) + $4 end,
            sequence = greatest(sequence, $5)
        where incarnation = $1 and ended is null
        """;

    internal const string End =
        """
        update node set phase = $2, ended = (select store_now()), proved_gone = $3
        where incarnation = $1 and ended is null and ($3 or lease_ends <= (select store_now()))
        """;

    // "phase + 0" keeps it off the partial index of what is not recovered: a write by its key is to use the key.
    internal const string MarkRecovered =
        "update node set recovered = (select store_now()) where incarnation = $1 and phase + 0 = 6 and recovered is null";

    internal const string List =
        $"""
        select {Columns}
        from (select * from node order by ended is not null, incarnation desc limit $1) as chosen
        order by incarnation desc
        """;

    /// <summary>The lives that somebody has to do with: each part by an index of its own.</summary>
    internal const string ListCurrent =
        $"""
        select {Columns} from (
            (select {Columns}, 0 as rank from node where ended is null order by incarnation desc limit $2)
            union all
            (select {Columns}, 1 from node where phase = 6 and recovered is null and ended is not null order by ended desc limit $2)
            union all
            (select {Columns}, 2 from node where ended >= $1 and (phase <> 6 or recovered is not null) order by ended desc limit $2)
            order by rank, ended desc
            limit $2) as chosen
        order by incarnation desc
        """;

    internal const string Read = $"select {Columns} from node where incarnation = any($1)";

    private const string Columns = "incarnation, name, phase, joined, lease_ends, ended, recovered, info, sequence, proved_gone";

    internal const string Purge =
        """
        delete from node where incarnation = any(array(
            select incarnation from node
            where ended < $1 and (phase <> 6 or recovered is not null)
            order by incarnation
            limit $2))
        """;

    public static async Task<bool> RegisterAsync(NpgsqlConnection connection, NodeRow row, TimeSpan lease)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Statement.Of(Insert).With(row.Incarnation.Value).With(row.Name).With((short)row.Phase)
                    .With(Microseconds(lease)).With(row.Info),

                // A second statement, so that it sees the row that the first one may have waited for.
                Statement.Of(IsThere).With(row.Incarnation.Value).With(row.Name).With(row.Info),
            },
        };
        return (bool)(await batch.ExecuteScalarAsync(CancellationToken.None))!;
    }

    public static async Task<bool> RenewAsync(NpgsqlConnection connection, LeaseRenewal renewal) =>
        await connection.ExecuteAsync(Statement.Of(Renew)
            .With(renewal.Incarnation.Value).With((short)renewal.Phase).With(renewal.Info).With(Microseconds(renewal.Lease)).With(renewal.Sequence)) == 1;

    public static async Task<bool> EndAsync(NpgsqlConnection connection, NodeEnd end) =>
        await connection.ExecuteAsync(Statement.Of(End)
            .With(end.Incarnation.Value).With((short)end.Phase).With(end.IsProvedGone)) == 1;

    public static async Task<bool> MarkRecoveredAsync(NpgsqlConnection connection, NodeIncarnation incarnation) =>
        await connection.ExecuteAsync(Statement.Of(MarkRecovered).With(incarnation.Value)) == 1;

    public static Task<IReadOnlyList<NodeRow>> ListAsync(NpgsqlConnection connection, int limit) =>
        connection.ListAsync(Statement.Of(List).With(limit), RowOf);

    public static Task<IReadOnlyList<NodeRow>> ListCurrentAsync(NpgsqlConnection connection, DateTimeOffset endedSince, int limit) =>
        connection.ListAsync(Statement.Of(ListCurrent).With(StoreTime.ToMicroseconds(endedSince)).With(limit), RowOf);

    public static Task<IReadOnlyList<NodeRow>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<NodeIncarnation> incarnations) =>
        connection.ListAsync(Statement.Of(Read).With(incarnations.Select(incarnation => incarnation.Value).ToArray()), RowOf);

    public static Task<int> PurgeAsync(NpgsqlConnection connection, DateTimeOffset endedBefore, int limit) =>
        connection.ExecuteAsync(Statement.Of(Purge).With(StoreTime.ToMicroseconds(endedBefore)).With(limit));

    private static NodeRow RowOf(NpgsqlDataReader reader) => new()
    {
        Incarnation = new NodeIncarnation(reader.GetInt64(0)),
        Name = reader.GetString(1),
        Phase = (NodePhase)reader.GetInt16(2),
        Joined = reader.Time(3),
        LeaseEnds = reader.Time(4),
        Ended = reader.NullableTime(5),
        Recovered = reader.NullableTime(6),
        Info = reader.GetFieldValue<byte[]>(7),
        Sequence = reader.GetInt64(8),
        IsProvedGone = reader.IsDBNull(9) ? null : reader.GetBoolean(9),
    };

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
