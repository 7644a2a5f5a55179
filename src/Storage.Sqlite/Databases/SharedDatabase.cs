using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>A database that the silos of one machine share: one writing thread and some that read, in each process.</summary>
internal sealed partial class SharedDatabase(DatabaseFile file, int readThreads, TimeProvider timeProvider, ILogger logger) : IAsyncDisposable
{
    private readonly DatabasePlace _place = new(file);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private WriterThread? _writer;
    private ReaderThreads? _readers;
    private bool _isClosed;

    /// <summary>Opens the database, makes or upgrades its tables. A repeat does nothing.</summary>
    /// <exception cref="StoreException">The database cannot be used; the message names the file and the remedy.</exception>
    public async Task<StoreDescription> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_readers is null)
            {
                DatabaseSetup.RequireSupported();
                DatabaseSetup.PrepareFolder(file);
                var writer = _writer ??= new WriterThread(file, _place, timeProvider, logger);
                await writer.RunAsync(connection => connection.Changes, isUrgent: true, cancellationToken);
                _readers = new ReaderThreads(file, readThreads, _place);
                LogOpened(logger, file.Path, file.Schema.Version);
            }

            return _writer!.Description!;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Runs work in a transaction of the writing thread.</summary>
    /// <param name="work">What is done under the lock. Whatever can be prepared is prepared before.</param>
    /// <param name="cancellationToken">Gives up waiting; the outcome is then unknown.</param>
    /// <param name="isUrgent">Whether it goes past all work that is not.</param>
    public async Task<T> WriteAsync<T>(Func<Connection, T> work, CancellationToken cancellationToken, bool isUrgent = false) =>
        _readers is null ? throw NotOpen() : await _writer!.RunAsync(work, isUrgent, cancellationToken);

    /// <summary>Runs work on a reading thread.</summary>
    public async Task<T> ReadAsync<T>(Func<Connection, T> work, CancellationToken cancellationToken) =>
        _readers is null ? throw NotOpen() : await _readers.RunAsync(work, cancellationToken);

    /// <summary>Finishes what waits and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync();
        try
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            await EndAsync(_readers?.CloseAsync(), _readers);
            await EndAsync(_writer?.CloseAsync(), _writer);
        }
        finally
        {
            _opening.Release();
        }
    }

    // A thread that waits for a lock whose holder nobody can end must not keep the process from leaving. It is left to its fate.
    private async Task EndAsync(Task? end, IDisposable? threads)
    {
        if (end is null)
        {
            return;
        }

        try
        {
            await end.WaitAsync((3 * file.HolderTimeout) + TimeSpan.FromSeconds(5), timeProvider);
            threads?.Dispose();
        }
        catch (TimeoutException)
        {
            LogNotClosed(logger, file.Path);
        }
    }

    private StoreException NotOpen() => new(StoreFault.Unreachable, $"The database '{file.Path}' is not open. Initialize the store first.");

    [LoggerMessage(SqliteEventIds.DatabaseOpened, LogLevel.Information, "Database {Path} was opened with schema version {Version}.")]
    private static partial void LogOpened(ILogger logger, string path, int version);

    [LoggerMessage(SqliteEventIds.DatabaseNotClosed, LogLevel.Warning, "Database {Path}: its lock was not free in time; it was left open, and the end of the process closes it.")]
    private static partial void LogNotClosed(ILogger logger, string path);
}
