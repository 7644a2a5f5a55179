using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.Sqlite.Databases;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <content>Events.</content>
internal sealed partial class SqliteEngine
{
    /// <inheritdoc/>
    public async Task<bool> AddEventAsync(EventRow row, CancellationToken cancellationToken)
    {
        var (key, kind) = (EncodeEventKey(row.Key), StoreText.Encode(row.Kind, "The kind of an event"));
        return await _database.WriteAsync(
            connection => connection.Prepare(EventSql.Insert)
                .BindText(key).BindText(kind).Bind(Now).Bind(row.Token).Bind(row.Body).Run() == 1
                || connection.Prepare(EventSql.IsMine).BindText(key).Bind(row.Token).Any(),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> UpdateEventAsync(EventRow row, long ifToken, CancellationToken cancellationToken)
    {
        var key = EncodeEventKey(row.Key);
        return await _database.WriteAsync(
            connection => connection.Prepare(EventSql.Update)
                .BindText(key).Bind(ifToken).Bind(row.Token).Bind(row.Body).Run() == 1,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<EventRow?> ReadEventAsync(string key, CancellationToken cancellationToken)
    {
        var bytes = EncodeEventKey(key);
        return await _database.ReadAsync(
            connection => connection.Prepare(EventSql.Read).BindText(bytes).ReadFirst(ReadEvent),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EventRow>> ListEventsAsync(string? kind, int limit, CancellationToken cancellationToken)
    {
        var bytes = kind is null ? null : StoreText.Encode(kind, "The kind of an event");
        return await _database.ReadAsync(
            connection => bytes is null
                ? connection.Prepare(EventSql.ListAll).Bind(limit).ReadAll(ReadEvent)
                : connection.Prepare(EventSql.ListKind)
                    .BindText(bytes).Bind(limit).ReadAll(ReadEvent),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EventRow>> ListEventsAfterAsync(string kind, DateTimeOffset at, string? key, int limit, CancellationToken cancellationToken)
    {
        var (kindBytes, keyBytes) = (StoreText.Encode(kind, "The kind of an event"), key is null ? null : EncodeEventKey(key));
        return await _database.ReadAsync(
            connection => connection.Prepare(EventSql.ListAfter)
                .BindText(kindBytes).Bind(StoreTime.ToMicroseconds(at)).BindText(keyBytes).Bind(limit).ReadAll(ReadEvent),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> PurgeEventsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => _database.WriteAsync(
        connection => connection.Prepare(EventSql.Purge)
            .Bind(StoreTime.ToMicroseconds(before)).Bind(limit).Run(),
        cancellationToken);

    private static byte[] EncodeEventKey(string key) => StoreText.Encode(key, "The key of an event", StoreLimits.EventKey);

    private static EventRow ReadEvent(Statement row) => new()
    {
        Key = row.Text(0),
        Kind = row.Text(1),
        At = StoreTime.FromMicroseconds(row.Long(2)),
        Token = row.Long(3),
        Body = row.Bytes(4),
    };
}
