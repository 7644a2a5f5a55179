using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>The one thread of this process that writes to a database.</summary>
/// <remarks>
/// It belongs to no pool, so that silo threads never wait for a lock or a disk. What waits when a transaction is open joins it:
/// one sync of the disk serves them all. Each job after the first has a savepoint, so that a row which cannot be stored hurts
/// its own caller only.
/// </remarks>
internal sealed partial class WriterThread : IDisposable
{
    // Long enough to share a sync of the disk, short enough that another process does not wait long.
    private static readonly TimeSpan JoinTime = TimeSpan.FromMilliseconds(5);

    private readonly DatabaseFile _file;
    private readonly DatabasePlace _place;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly JobQueue<DatabaseJob> _queue;
    private readonly WriterLock _lock;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<DatabaseJob> _transaction = [];
    private Connection? _connection;
    private Checkpoints? _checkpoints;

    public WriterThread(DatabaseFile file, DatabasePlace place, TimeProvider timeProvider, ILogger logger)
    {
        (_file, _place, _timeProvider, _logger) = (file, place, timeProvider, logger);
        _queue = new JobQueue<DatabaseJob>(file.Path);
        _lock = new WriterLock(file, place, GiveUpWaiting, timeProvider, logger);
        new Thread(Loop) { IsBackground = true, Name = $"{file.Name}.db writer" }.Start();
    }

    /// <summary>Gets what the database says of itself, once it is open.</summary>
    public StoreDescription? Description { get; private set; }

    /// <summary>Runs work in a transaction.</summary>
    /// <returns>What it yields, after the commit.</returns>
    public Task<T> RunAsync<T>(Func<Connection, T> work, bool isUrgent, CancellationToken cancellationToken)
    {
        var job = new DatabaseJob<T>(work, cancellationToken);
        _queue.Add(job, isUrgent);
        return cancellationToken.CanBeCanceled ? job.Answer.WaitAsync(cancellationToken) : job.Answer;
    }

    /// <summary>Admits no more work, and lets the thread end once it has done what waits.</summary>
    /// <returns>The thread's end.</returns>
    public Task CloseAsync()
    {
        _queue.Close(threads: 1);
        return _ended.Task;
    }

    public void Dispose()
    {
        _lock.Dispose();
        _queue.Dispose();
    }

    private void Loop()
    {
        while (_queue.Take(out var job))
        {
            var failure = RunTransaction(job);
            foreach (var done in _transaction)
            {
                Answer(done, failure);
            }

            _transaction.Clear();
        }

        EndLog();
        CloseConnection();
        _ended.SetResult();
    }

    /// <summary>Runs a job, and others that wait, in one transaction under the lock. The answers come after the lock is free again.</summary>
    /// <returns>Why the whole transaction failed; null when it is committed.</returns>
    private Exception? RunTransaction(DatabaseJob first)
    {
        _transaction.Add(first);
        try
        {
            _lock.Acquire();
        }
        catch (Exception e)
        {
            return e;
        }

        try
        {
            _lock.CheckPlace();
            var connection = _connection ??= OpenConnection();
            RunJobs(connection, first);
            Commit(connection);
            _lock.Succeeded();
            return null;
        }
        catch (Exception e)
        {
            // After a failed read or write neither the cache nor an open transaction is to be trusted.
            CloseConnection();
            return e is StoreException { Fault: StoreFault.Unreachable } failure ? _lock.Explain(failure) : e;
        }
        finally
        {
            ShortenLog();
            _lock.Release();
        }
    }

    /// <summary>Answers those who wait for a lock that will not become free by itself. Their work has not been begun, and is not to be.</summary>
    private void GiveUpWaiting(StoreException failure)
    {
        foreach (var blocked in _transaction)
        {
            blocked.Fail(failure);
        }

        while (_queue.TryTake(out var waiting))
        {
            waiting.Fail(failure);
        }
    }

    private Connection OpenConnection()
    {
        // Whoever waits for our lock looks at us after its timeout; to be in time for the next one, a wait for strangers is shorter.
        var connection = Connection.OpenWriter(_file.Path, _file.WriterCache, _file.HolderTimeout / 2);
        try
        {
            Description = DatabaseSetup.Prepare(connection, _file);
            _place.Remember();
            connection.Execute($"PRAGMA journal_size_limit = {_file.CheckpointBytes}"); // to which a log that starts anew is cut
            _checkpoints = new Checkpoints(_file.CheckpointBytes, connection.ReadLong("PRAGMA page_size"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void RunJobs(Connection connection, DatabaseJob first)
    {
        connection.Prepare("BEGIN IMMEDIATE").Run();
        if (Attempt(connection, first) is { } refused)
        {
            connection.Rollback();
            Refuse(first, refused);
            return;
        }

        var begun = _timeProvider.GetTimestamp();
        while (_timeProvider.GetElapsedTime(begun) < JoinTime && _queue.TryTake(out var next))
        {
            Join(connection, next);
        }
    }

    private void Join(Connection connection, DatabaseJob job)
    {
        _transaction.Add(job);
        connection.Prepare("SAVEPOINT joined").Run();
        if (Attempt(connection, job) is { } refused)
        {
            connection.Prepare("ROLLBACK TO joined").Run();
            Refuse(job, refused);
        }

        connection.Prepare("RELEASE joined").Run();
    }

    /// <summary>Runs one job.</summary>
    /// <returns>What is wrong with the job itself; a failure of the database is thrown, and ends the whole transaction.</returns>
    private static Exception? Attempt(Connection connection, DatabaseJob job)
    {
        if (job.IsAbandoned)
        {
            return new OperationCanceledException();
        }

        try
        {
            job.Run(connection);
            return null;
        }
        catch (Exception e) when (connection.IsInTransaction && e is not StoreException { Fault: not StoreFault.Data })
        {
            return e;
        }
    }

    private void Refuse(DatabaseJob job, Exception refused)
    {
        _transaction.Remove(job);
        job.Fail(refused);
    }

    private static void Commit(Connection connection)
    {
        if (!connection.IsInTransaction)
        {
            return; // the only job was refused
        }

        try
        {
            connection.Prepare("COMMIT").Run();
        }
        catch (StoreException e)
        {
            throw new StoreException(e.Fault, $"A commit failed and may have landed all the same. {e.Message}", e, isOutcomeUnknown: true);
        }
    }

    // What is committed stays committed when the log cannot be copied: on a full disk the log may still find room, the database not.
    private void ShortenLog()
    {
        try
        {
            if (_connection is not null)
            {
                _checkpoints?.AfterCommit(_connection);
            }
        }
        catch (StoreException e)
        {
            LogCheckpointFailed(_logger, _file.Path, e);
            CloseConnection();
        }
    }

    private void EndLog()
    {
        try
        {
            if (_connection is not null && _lock.TryAcquire())
            {
                Checkpoints.AtEnd(_connection);
                _lock.Release();
            }
        }
        catch (StoreException e)
        {
            LogCheckpointFailed(_logger, _file.Path, e);
        }
    }

    private void CloseConnection()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static void Answer(DatabaseJob job, Exception? failure)
    {
        if (failure is null)
        {
            job.Succeed();
        }
        else
        {
            job.Fail(failure);
        }
    }

    [LoggerMessage(SqliteEventIds.CheckpointFailed, LogLevel.Warning, "Database {Path}: the write-ahead log could not be copied; it grows until that succeeds.")]
    private static partial void LogCheckpointFailed(ILogger logger, string path, Exception exception);
}
