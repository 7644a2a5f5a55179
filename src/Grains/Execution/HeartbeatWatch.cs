using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Execution;

/// <summary>Finds out that a handler has given no sign of life for too long. A sign is cheap: the timer is not set anew with each, but looks when the newest would be too old.</summary>
/// <param name="limit">How long a handler may be silent.</param>
/// <param name="clock">The time: while the process stood still its handlers could give no sign.</param>
/// <param name="timeProvider">Lets it wait.</param>
/// <param name="expired">Called once with how long it was silent.</param>
internal sealed class HeartbeatWatch(TimeSpan limit, AwakeClock clock, TimeProvider timeProvider, Action<TimeSpan> expired) : IDisposable
{
    /// <summary>Timers may be early by a part of their unit; then it is looked once more.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _lastSign;
    private int _saves;
    private bool _isOver;

    public TimeSpan Limit => limit;

    /// <summary>The handler is called now.</summary>
    public void Start()
    {
        Sign();
        lock (_lock)
        {
            if (!_isOver)
            {
                _timer ??= timeProvider.CreateTimer(_ => Look(), null, limit, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Sign() => Volatile.Write(ref _lastSign, clock.Now.Ticks);

    /// <summary>The handler waits for the store to take its progress. It is not silent however long that takes.</summary>
    public void BeginSave() => Interlocked.Increment(ref _saves);

    public void EndSave()
    {
        Sign();
        Interlocked.Decrement(ref _saves);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _timer?.Dispose();
        }
    }

    private void Look()
    {
        var isSaving = Volatile.Read(ref _saves) > 0;
        var silent = isSaving ? TimeSpan.Zero : clock.Now - TimeSpan.FromTicks(Volatile.Read(ref _lastSign));
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            if (silent < limit)
            {
                var rest = limit - silent;
                _timer!.Change(rest < ShortestWait ? ShortestWait : rest, Timeout.InfiniteTimeSpan);
                return;
            }

            _isOver = true;
        }

        expired(silent);
    }
}
