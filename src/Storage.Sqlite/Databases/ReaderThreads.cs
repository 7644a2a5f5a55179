namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>The threads of this process that read from a database, each with a connection of its own. Reads never wait for writes.</summary>
internal sealed class ReaderThreads : IDisposable
{
    private readonly string _path;
    private readonly int _count;
    private readonly DatabasePlace? _place;
    private readonly JobQueue<DatabaseJob> _queue;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    /// <summary>Starts the threads.</summary>
    /// <param name="file">The database.</param>
    /// <param name="count">How many threads read.</param>
    /// <param name="place">Where the database is to stay; omitted for a reader that takes whatever the path leads to when it opens it.</param>
    public ReaderThreads(DatabaseFile file, int count, DatabasePlace? place = null)
    {
        (_path, _count, _running, _place) = (file.Path, count, count, place);
        _queue = new JobQueue<DatabaseJob>(file.Path);
        for (var number = 1; number <= count; number++)
        {
            new Thread(Loop) { IsBackground = true, Name = $"{file.Name}.db reader {number}" }.Start();
        }
    }

    /// <summary>Runs work on one of the threads.</summary>
    public Task<T> RunAsync<T>(Func<Connection, T> work, CancellationToken cancellationToken)
    {
        var job = new DatabaseJob<T>(work, cancellationToken);
        _queue.Add(job, isUrgent: false);
        return cancellationToken.CanBeCanceled ? job.Answer.WaitAsync(cancellationToken) : job.Answer;
    }

    /// <summary>Admits no more work, and lets the threads end once they have done what waits.</summary>
    /// <returns>The threads' end.</returns>
    public Task CloseAsync()
    {
        _queue.Close(_count);
        return _ended.Task;
    }

    public void Dispose() => _queue.Dispose();

    private void Loop()
    {
        Connection? connection = null;
        while (_queue.Take(out var job))
        {
            Run(job, ref connection);
        }

        connection?.Dispose();
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended.SetResult();
        }
    }

    private void Run(DatabaseJob job, ref Connection? connection)
    {
        if (job.IsAbandoned)
        {
            job.Fail(new OperationCanceledException());
            return;
        }

        try
        {
            _place?.Check();
            connection ??= Connection.OpenReader(_path);
            connection.Prepare("BEGIN").Run(); // one view for all that the job reads; and SQLite takes its locks once
            job.Run(connection);
            connection.Rollback();
        }
        catch (Exception e)
        {
            connection?.Dispose();
            connection = null;
            job.Fail(e);
            return;
        }

        job.Succeed();
    }
}
