namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>One piece of work for a thread that has a connection. The writer runs it inside a transaction and answers after the commit.</summary>
internal abstract class DatabaseJob
{
    /// <summary>Gets a value indicating whether the caller has given up waiting, or has been answered, so that the work must not be begun.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>Does the work and keeps what it yields.</summary>
    public abstract void Run(Connection connection);

    /// <summary>Answers the caller with what the work has yielded.</summary>
    public abstract void Succeed();

    /// <summary>Answers the caller: the work has failed.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>Work that yields a value.</summary>
internal sealed class DatabaseJob<T>(Func<Connection, T> work, CancellationToken cancellationToken) : DatabaseJob
{
    // The continuations are the callers' code; they must not run on the thread, nor hold up the next job.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;

    /// <summary>Gets the answer to come.</summary>
    public Task<T> Answer => _answer.Task;

    public override bool IsAbandoned => cancellationToken.IsCancellationRequested || _answer.Task.IsCompleted;

    public override void Run(Connection connection) => _value = work(connection);

    public override void Succeed() => _answer.TrySetResult(_value!);

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException)
        {
            _answer.TrySetCanceled(cancellationToken);
        }
        else
        {
            _answer.TrySetException(exception);
        }
    }
}
