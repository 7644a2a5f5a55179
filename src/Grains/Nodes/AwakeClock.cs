namespace FaultTolerance.Grains.Nodes;

/// <summary>Time that runs only while this process does: not while it is stopped, asleep with its machine, collecting garbage, or without a thread for its timers.</summary>
/// <remarks>A timer ticks. What a tick is late by, beyond what a busy machine makes of it, is time in which nothing could run here.</remarks>
internal sealed class AwakeClock(MonotonicClock clock, TimeProvider timeProvider) : IDisposable
{
    /// <summary>From one tick to the next; one that is late by no more than this is on time.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private TimeSpan _lastTick;
    private TimeSpan _stoodStill;

    /// <summary>Gets the time; before the start it is that of the monotonic clock.</summary>
    public TimeSpan Now
    {
        get
        {
            lock (_lock)
            {
                var now = clock.Now;
                return now - _stoodStill - LateBy(now); // whoever asks first after a standstill may come before the tick
            }
        }
    }

    /// <summary>Begins to tick.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _lastTick = clock.Now;
            _timer ??= timeProvider.CreateTimer(_ => Tick(), null, Interval, Interval);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        lock (_lock)
        {
            var now = clock.Now;
            (_stoodStill, _lastTick) = (_stoodStill + LateBy(now), now);
        }
    }

    private TimeSpan LateBy(TimeSpan now)
    {
        var late = _timer is null ? TimeSpan.Zero : now - _lastTick - Interval;
        return late > Interval ? late : TimeSpan.Zero;
    }
}
