using FaultTolerance.Storage.Sqlite.Databases;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace FaultTolerance.Storage.Sqlite.Clustering;

/// <summary>Orleans' reminder table in <c>cluster.db</c>.</summary>
internal sealed class SqliteReminderTable(ClusterDatabase database, IOptions<ClusterOptions> options) : IReminderTable
{
    private const string Columns = "grain_type, grain_key, name, start, period, etag";
    private const string Grain = "service = ?1 AND grain_type = ?2 AND grain_key = ?3";

    private readonly byte[] _service = StoreText.Encode(options.Value.ServiceId, "The service's id");

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => database.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken) => database.ReadAsync(
        connection => new ReminderTableData(Bind(connection, $"SELECT {Columns} FROM reminders WHERE {Grain}", grainId).ReadAll(Read)),
        cancellationToken);

    /// <inheritdoc/>
    public Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken)
    {
        // The ring's end lies before its beginning: a range that passes it is two.
        var sql = begin < end
            ? $"SELECT {Columns} FROM reminders WHERE service = ?1 AND hash > ?2 AND hash <= ?3"
            : $"SELECT {Columns} FROM reminders WHERE service = ?1 AND (hash > ?2 OR hash <= ?3)";
        return database.ReadAsync(
            connection => new ReminderTableData(connection.Prepare(sql).BindText(_service).Bind(begin).Bind(end).ReadAll(Read)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken)
    {
        var name = Encode(reminderName);
        return database.ReadAsync(
            connection => Bind(connection, $"SELECT {Columns} FROM reminders WHERE {Grain} AND name = ?4", grainId).BindText(name).ReadFirst(Read),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        const string Upsert =
            """
            INSERT OR REPLACE INTO reminders (service, grain_type, grain_key, name, hash, start, period, etag)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """;
        var (grain, name) = (entry.GrainId, Encode(entry.ReminderName));
        var (start, period) = (ClusterDatabase.ToTicks(entry.StartAt), entry.Period.Ticks);
        return database.WriteAsync<string?>(
            connection =>
            {
                var etag = ClusterDatabase.NextEtag(connection);
                Bind(connection, Upsert, grain).BindText(name).Bind(grain.GetUniformHashCode()).Bind(start).Bind(period).Bind(etag).Run();
                return ClusterDatabase.ToText(etag);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken)
    {
        var (name, etag) = (Encode(reminderName), Encode(eTag));
        return database.WriteAsync(
            connection => Bind(connection, $"DELETE FROM reminders WHERE {Grain} AND name = ?4 AND CAST(etag AS TEXT) = ?5", grainId)
                .BindText(name).BindText(etag).Run() == 1,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task TestOnlyClearTable(CancellationToken cancellationToken) => database.WriteAsync(
        connection => connection.Prepare("DELETE FROM reminders WHERE service = ?1").BindText(_service).Run(),
        cancellationToken);

    Task<ReminderTableData> IReminderTable.ReadRows(GrainId grainId) => ReadRows(grainId, default);

    Task<ReminderTableData> IReminderTable.ReadRows(uint begin, uint end) => ReadRows(begin, end, default);

    Task<ReminderEntry?> IReminderTable.ReadRow(GrainId grainId, string reminderName) => ReadRow(grainId, reminderName, default);

    Task<string?> IReminderTable.UpsertRow(ReminderEntry entry) => UpsertRow(entry, default);

    Task<bool> IReminderTable.RemoveRow(GrainId grainId, string reminderName, string eTag) => RemoveRow(grainId, reminderName, eTag, default);

    Task IReminderTable.TestOnlyClearTable() => TestOnlyClearTable(default);

    private Statement Bind(Connection connection, string sql, GrainId grain) => connection.Prepare(sql)
        .BindText(_service).Bind(grain.Type.AsSpan().ToArray()).Bind(grain.Key.AsSpan().ToArray());

    private static ReminderEntry Read(Statement row) => new()
    {
        GrainId = GrainId.Create(new GrainType(row.Bytes(0)), new IdSpan(row.Bytes(1))),
        ReminderName = row.Text(2),
        StartAt = ClusterDatabase.ToTime(row.Long(3)),
        Period = new TimeSpan(row.Long(4)),
        ETag = ClusterDatabase.ToText(row.Long(5)),
    };

    private static byte[] Encode(string text) => StoreText.Encode(text, "The reminder's name or etag");
}
