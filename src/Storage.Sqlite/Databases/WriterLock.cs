using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Locks;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>The right to write to a database, of one process at a time. Used by the one thread that writes.</summary>
internal sealed partial class WriterLock : IDisposable
{
    private readonly DatabaseFile _file;
    private readonly DatabasePlace _place;
    private readonly ILogger _logger;
    private readonly FileLock _lock;
    private readonly HolderWatch _watch;
    private readonly LogHolderWatch _logWatch;

    /// <summary>Opens the lock's file, and makes it where it is missing.</summary>
    /// <param name="file">The database.</param>
    /// <param name="place">Where the database is to stay.</param>
    /// <param name="giveUp">Told why the lock will not become free by itself, while the thread waits for it and only then.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where it is told what was done about a holder.</param>
    public WriterLock(DatabaseFile file, DatabasePlace place, Action<StoreException> giveUp, TimeProvider timeProvider, ILogger logger)
    {
        (_file, _place, _logger) = (file, place, logger);
        _lock = new FileLock(file.LockPath);
        _watch = new HolderWatch(
            _lock, file.LockPath, file.HolderTimeout, reason => giveUp(new StoreException(StoreFault.Unreachable, reason)), timeProvider, logger);
        _logWatch = new LogHolderWatch(file.Path, file.HolderTimeout, timeProvider, logger);
    }

    /// <summary>Gets why this process writes no more; null for as long as it may.</summary>
    public StoreException? End { get; private set; }

    /// <summary>Takes the lock if it is free.</summary>
    public bool TryAcquire() => End is null && _lock.TryAcquire();

    /// <summary>Waits for the lock and takes it.</summary>
    /// <exception cref="StoreException">It cannot be had. Nothing is held then.</exception>
    public void Acquire()
    {
        if (End is not null)
        {
            throw End;
        }

        if (_lock.TryAcquire())
        {
            return;
        }

        _watch.Arm();
        try
        {
            _lock.Acquire();
        }
        finally
        {
            _watch.Disarm();
        }
    }

    /// <summary>Makes sure, with the lock held, that it is the one which others take, and guards the database which others open.</summary>
    /// <exception cref="StoreException">The data folder was moved or replaced.</exception>
    public void CheckPlace()
    {
        if (_lock.IsMoved)
        {
            throw DatabasePlace.Moved(_file, _file.LockPath);
        }

        _place.Check();
    }

    /// <summary>Gives the lock back. It never throws: what was committed is to be answered as such, whatever becomes of the lock.</summary>
    public void Release()
    {
        try
        {
            _lock.Release();
        }
        catch (StoreException e)
        {
            // The kernel gives it back when this process ends, and not before.
            LogNotReleased(_logger, _file.LockPath, e);
            End = new StoreException(StoreFault.Unusable, $"{e.Message} Every other silo of the data folder waits for it: end this process.", e);
        }
    }

    /// <summary>Tells who was in the way of a write that failed under the lock, and ends it if it is stopped.</summary>
    public StoreException Explain(StoreException failure) => _logWatch.Explain(failure);

    /// <summary>Notes that nobody is in the way.</summary>
    public void Succeeded() => _logWatch.Forget();

    public void Dispose()
    {
        _watch.Dispose();
        _lock.Dispose();
    }

    [LoggerMessage(SqliteEventIds.LockNotReleased, LogLevel.Critical, "Lock {Lock} could not be given back. This process writes no more to the store, and is to end.")]
    private static partial void LogNotReleased(ILogger logger, string @lock, Exception exception);
}
