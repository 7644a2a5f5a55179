using FaultTolerance.Storage.Events;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>The rows of events.</summary>
internal static class EventStatements
{
    internal const string Insert =
        """
        insert into event (key_id, key, kind, at, token, body) values ($1, $2, $3, (select store_now()), $4, $5)
        on conflict do nothing
        """;

    internal const string IsMine = "select exists (select from event where key_id = $1 and token = $2)";

    internal const string Update = "update event set body = $3, token = $4 where key_id = $1 and token = $2";

    internal const string Columns = "select key, kind, at, token, body from event";

    internal const string Read = $"{Columns} where key_id = $1";

    internal const string ListAll = $"{Columns} order by at desc, key_id desc limit $1";

    internal const string ListKind = $"{Columns} where kind = $2 order by at desc, key_id desc limit $1";

    internal const string ListAfter = $"{Columns} where kind = $2 and (at, key_id) > ($3, $4) order by at, key_id limit $1";

    internal const string Purge =
        "delete from event where key_id = any(array(select key_id from event where at < $1 order by at limit $2))";

    public static async Task<bool> AddAsync(NpgsqlConnection connection, EventRow row)
    {
        var id = TextKey.Id(TextKey.Checked(row.Key, StoreLimits.EventKey, "The key of an event"));
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Statement.Of(Insert).With(id).With(TextKey.Bytes(row.Key)).With(row.Kind).With(row.Token).With(row.Body),

                // A second statement, so that it sees the row that the first one may have waited for.
                Statement.Of(IsMine).With(id).With(row.Token),
            },
        };
        return (bool)(await batch.ExecuteScalarAsync(CancellationToken.None))!;
    }

    public static async Task<bool> UpdateAsync(NpgsqlConnection connection, EventRow row, long ifToken) =>
        await connection.ExecuteAsync(Statement.Of(Update)
            .With(TextKey.Id(row.Key)).With(ifToken).With(row.Body).With(row.Token)) == 1;

    public static async Task<EventRow?> ReadAsync(NpgsqlConnection connection, string key)
    {
        var rows = await connection.ListAsync(Statement.Of(Read).With(TextKey.Id(key)), ReadRow);
        return rows.Count == 0 ? null : rows[0];
    }

    public static Task<IReadOnlyList<EventRow>> ListAsync(NpgsqlConnection connection, string? kind, int limit) =>
        connection.ListAsync(
            kind is null ? Statement.Of(ListAll).With(limit) : Statement.Of(ListKind).With(limit).With(kind), ReadRow);

    public static Task<IReadOnlyList<EventRow>> ListAfterAsync(NpgsqlConnection connection, string kind, DateTimeOffset at, string? key, int limit) =>
        connection.ListAsync(
            Statement.Of(ListAfter).With(limit).With(kind).With(StoreTime.ToMicroseconds(at)).With(key is null ? Guid.Empty : TextKey.Id(key)), ReadRow);

    public static Task<int> PurgeAsync(NpgsqlConnection connection, DateTimeOffset before, int limit) =>
        connection.ExecuteAsync(Statement.Of(Purge).With(StoreTime.ToMicroseconds(before)).With(limit));

    private static EventRow ReadRow(NpgsqlDataReader reader) => new()
    {
        Key = TextKey.FromBytes(reader.GetFieldValue<byte[]>(0)),
        Kind = reader.GetString(1),
        At = reader.Time(2),
        Token = reader.GetInt64(3),
        Body = reader.GetFieldValue<byte[]>(4),
    };
}
