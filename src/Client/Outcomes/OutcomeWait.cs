namespace FaultTolerance.Outcomes;

/// <summary>Waits until some of many tasks have ended. A task asked for twice counts twice; one that is unknown counts as ended.</summary>
/// <remarks>
/// It takes itself out of every task when it is over: a loop that waits for any of a thousand tasks a thousand times leaves
/// nothing behind.
/// </remarks>
internal sealed class OutcomeWait : IDisposable
{
    private readonly ClientCore _core;
    private readonly IObjectRef[] _references;
    private readonly OutcomeEntry[] _entries;
    private readonly Action _onEnded;
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing;

    public OutcomeWait(ClientCore core, IObjectRef[] references, int count)
    {
        (_core, _references, _missing, _onEnded) = (core, references, count, OnEnded);
        _entries = Array.ConvertAll(references, reference => core.Outcomes.Await(reference.TaskId, _onEnded));
    }

    public async Task<WaitResult> RunAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _missing) > 0)
        {
            _core.Seek();

            // To run out of time is no failure here: fewer have ended, that is all.
            await _enough.Task.WaitAsync(timeout ?? Timeout.InfiniteTimeSpan, _core.Clock.Provider, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            _core.ThrowIfStopped();
        }

        var ended = new List<IObjectRef>();
        var pending = new List<IObjectRef>();
        for (var i = 0; i < _references.Length; i++)
        {
            (_entries[i].Outcome is null ? pending : ended).Add(_references[i]);
        }

        return new WaitResult(ended, pending);
    }

    public void Dispose() => Array.ForEach(_entries, entry => _core.Outcomes.Leave(entry, observer: _onEnded));

    private void OnEnded()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _enough.TrySetResult();
        }
    }
}
