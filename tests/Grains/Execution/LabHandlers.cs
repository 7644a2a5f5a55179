namespace FaultTolerance.Grains.Tests.Execution;

/// <summary>What the handlers of a test do, and what they have done.</summary>
internal sealed class LabControl
{
    private int _disposals;

    /// <summary>What a handler throws, when called or when its token fires; null for nothing of its own.</summary>
    public Exception? Throws { get; set; }

    /// <summary>What the handlers' retry filter says.</summary>
    public Func<Exception, bool> Filter { get; set; } = _ => false;

    /// <summary>What disposing of a handler or of a service throws; null for nothing.</summary>
    public Exception? DisposalThrows { get; set; }

    /// <summary>Ends when a handler that waits has been called.</summary>
    public TaskCompletionSource<TaskContext> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets a handler that ignores its token end.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The token of the handler that waits until it is stopped.</summary>
    public CancellationToken Token { get; set; }

    public int Disposals => _disposals;

    public void OnDispose()
    {
        Interlocked.Increment(ref _disposals);
        if (DisposalThrows is { } exception)
        {
            throw exception;
        }
    }
}

internal sealed class LabTasks(LabControl control) : IRetryFilter
{
    public bool ShouldRetry(Exception exception, int attempt) => control.Filter(exception);

    [TaskHandler("lab.throw", RetryOn = [typeof(TimeZoneNotFoundException)])]
    public void Throw() => throw control.Throws!;

    [TaskHandler("lab.token")]
    public long Token(TaskContext context) => control.Throws is { } exception ? throw exception : context.FencingToken;

    [TaskHandler("lab.continue")]
    public bool Continue(TaskContext context) => control.Throws is null && context.TryGetProgress<LabCursor>(out _);

    [TaskHandler("lab.add-one")]
    public long AddOne(long number) => control.Throws is { } exception ? throw exception : number + 1;

    [TaskHandler("lab.until-stopped")]
    public async Task UntilStopped(TaskContext context, CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(stopped.SetResult);
        control.Token = cancellationToken;
        control.Started.SetResult(context);
        await stopped.Task;
        throw control.Throws ?? new OperationCanceledException(cancellationToken);
    }

    [TaskHandler("lab.ignores-token")]
    public async Task<int> IgnoresToken(TaskContext context)
    {
        control.Started.SetResult(context);
        await control.Gate.Task;
        return 1;
    }
}

[GenerateSerializer, Alias("lab.Cursor")]
internal sealed record LabCursor([property: Id(0)] string File, [property: Id(1)] long Line);

internal sealed class DisposableTasks(LabControl control) : IDisposable
{
    [TaskHandler("lab.disposable")]
    public int Work() => control.Throws is { } exception ? throw exception : 1;

    public void Dispose() => control.OnDispose();
}

internal sealed class AsyncDisposableTasks(LabControl control) : IAsyncDisposable
{
    [TaskHandler("lab.async-disposable")]
    public int Work() => control.Throws is { } exception ? throw exception : 1;

    public ValueTask DisposeAsync()
    {
        control.OnDispose();
        return ValueTask.CompletedTask;
    }
}

internal sealed class ScopedService(LabControl control) : IDisposable
{
    public void Dispose() => control.OnDispose();
}

internal sealed class ScopedTasks(ScopedService service)
{
    [TaskHandler("lab.scoped")]
    public string Work() => service.GetType().Name;
}
