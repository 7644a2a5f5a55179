using Microsoft.Extensions.Logging;

namespace FaultTolerance;

/// <summary>Runs the client's own work beside its callers, and waits for it at the end.</summary>
/// <remarks>
/// The work starts on the thread pool without the caller's context: neither a grain's scheduler, on which no observer can be
/// made, nor its trace, nor its request context.
/// </remarks>
internal sealed class BackgroundWork : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _stopped;

    public BackgroundWork(ILogger logger) => (_logger, Stopping) = (logger, _stop.Token);

    /// <summary>Gets the token that fires when the client stops.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Starts work; the task returned ends with it and never fails.</summary>
    /// <exception cref="ObjectDisposedException">The client has stopped.</exception>
    public Task Start(Func<Task> work) =>
        TryStart(work, out var ended) ? ended : throw new ObjectDisposedException(nameof(IFaultToleranceClient));

    /// <summary>Starts work, unless the client has stopped.</summary>
    public bool TryStart(Func<Task> work, out Task ended)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                ended = Task.CompletedTask;
                return false;
            }

            _running++;
        }

        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ended = source.Task;
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Self.Run(state.Work, state.Source), (Self: this, Work: work, Source: source), preferLocal: false);
        return true;
    }

    /// <summary>Starts nothing any more, and tells what runs to stop.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            if (_running == 0)
            {
                _drained.TrySetResult();
            }
        }

        _stop.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _drained.Task;
    }

    // Nothing escapes it, and its end is told by `ended`: so it may be void.
    private async void Run(Func<Task> work, TaskCompletionSource ended)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            ClientLog.WorkStopped(_logger);
        }
        catch (Exception exception)
        {
            ClientLog.WorkFailed(_logger, exception);
        }

        ended.SetResult();
        lock (_gate)
        {
            if (--_running == 0 && _stopped)
            {
                _drained.TrySetResult();
            }
        }
    }
}
