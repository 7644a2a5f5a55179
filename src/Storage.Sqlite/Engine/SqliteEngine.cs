using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.Sqlite.Engine;

/// <summary>The store in an SQLite database that the silos of one machine share.</summary>
internal sealed partial class SqliteEngine : IStorageEngine
{
    private readonly SharedDatabase _database;
    private readonly TimeProvider _timeProvider;

    public SqliteEngine(IOptions<SqliteStoreOptions> options, TimeProvider timeProvider, ILogger<SqliteEngine> logger, HoldUpLimit? limit = null)
    {
        _timeProvider = timeProvider;
        _database = new SharedDatabase(options.Value.ToFile("store", StoreSchema.Current, limit), options.Value.ReadThreads, timeProvider, logger);
    }

    /// <inheritdoc/>
    public string Name => "sqlite";

    /// <summary>Gets two: while one batch commits the next is prepared.</summary>
    public int WriteLanes => 2;

    // Read inside the transaction: all silos of the store live on one machine, whose clock is the store's.
    private long Now => StoreTime.ToMicroseconds(_timeProvider.GetUtcNow());

    /// <inheritdoc/>
    public Task<StoreDescription> InitializeAsync(CancellationToken cancellationToken) => _database.OpenAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(StoreTime.Round(_timeProvider.GetUtcNow()));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        var prepared = writes.Select(PreparedWrite.From).ToArray();
        return await _database.WriteAsync(
            connection =>
            {
                var now = Now;
                return Array.ConvertAll(prepared, write => write.Apply(connection, now));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
