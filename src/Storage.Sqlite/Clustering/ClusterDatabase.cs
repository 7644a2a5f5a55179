using System.Globalization;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Databases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.Sqlite.Clustering;

/// <summary>The database of membership and reminders: a file and a lock of its own, so that a busy store delays neither.</summary>
internal sealed class ClusterDatabase(
    IOptions<SqliteStoreOptions> options, TimeProvider timeProvider, ILogger<ClusterDatabase> logger, HoldUpLimit? limit = null) : IAsyncDisposable
{
    private readonly SharedDatabase _database = new(ToFile(options.Value, limit), readThreads: 1, timeProvider, logger);

    /// <summary>Returns the file of membership and reminders.</summary>
    public static DatabaseFile ToFile(SqliteStoreOptions options, HoldUpLimit? limit = null) => options.ToFile("cluster", ClusterSchema.Current, limit) with
    {
        WriterCache = 8 * 1024,
        CheckpointBytes = 4 << 20,
    };

    /// <summary>Opens the database. A repeat does nothing.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => _database.OpenAsync(cancellationToken);

    /// <summary>Runs work in a transaction.</summary>
    public Task<T> WriteAsync<T>(Func<Connection, T> work, CancellationToken cancellationToken) => _database.WriteAsync(work, cancellationToken);

    /// <summary>Runs work that reads, all of it from one view.</summary>
    public Task<T> ReadAsync<T>(Func<Connection, T> work, CancellationToken cancellationToken) => _database.ReadAsync(work, cancellationToken);

    /// <summary>Returns an etag that no row has ever had. Called inside a transaction that writes.</summary>
    public static long NextEtag(Connection connection) =>
        connection.Prepare("UPDATE etags SET newest = newest + 1 RETURNING newest").ReadFirst(row => row.Long(0));

    /// <summary>Returns an etag as Orleans holds it.</summary>
    public static string ToText(long etag) => etag.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns a time as the database holds it. One of an unknown kind is UTC.</summary>
    public static long ToTicks(DateTime time) => (time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks;

    /// <summary>Returns the time of a column.</summary>
    public static DateTime ToTime(long ticks) => new(ticks, DateTimeKind.Utc);

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
