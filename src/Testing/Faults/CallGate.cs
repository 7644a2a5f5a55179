namespace FaultTolerance.Testing;

/// <summary>Holds calls to an engine until it is opened.</summary>
public sealed class CallGate : IDisposable
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly Predicate<StoreCall> _which;

    internal CallGate(Predicate<StoreCall> which, bool holdsReplies) => (_which, HoldsReplies) = (which, holdsReplies);

    internal bool HoldsReplies { get; }

    /// <summary>Waits until so many more calls have come to the gate.</summary>
    public async Task ArrivedAsync(int calls = 1)
    {
        for (var i = 0; i < calls; i++)
        {
            await _arrivals.WaitAsync();
        }
    }

    /// <summary>Lets all calls pass, those that wait and those to come.</summary>
    public void Open() => _open.TrySetResult();

    /// <summary>Opens the gate.</summary>
    public void Dispose()
    {
        Open();
        _arrivals.Dispose();
    }

    internal Task PassAsync(StoreCall call, CancellationToken cancellationToken)
    {
        if (_open.Task.IsCompleted || !_which(call))
        {
            return Task.CompletedTask;
        }

        _arrivals.Release();
        return _open.Task.WaitAsync(cancellationToken);
    }
}
