using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Clocks;

/// <summary>The store's time as this process knows it: read from the store now and then, carried on by the monotonic clock.</summary>
/// <remarks>
/// It never runs backwards: where a new reading says less than was said before, it stands still until the store has caught up.
/// It is off by at most half the round trip of the reading that it goes by, and by 500 ppm of the time since then, 15 ms in
/// the 30 seconds between two readings.
/// </remarks>
internal sealed class StoreClock(TimeProvider timeProvider)
{
    private StoreAnchor? _anchor;
    private long _latest;
    private int _steps;

    /// <summary>Gets the store's present time, in whole microseconds.</summary>
    public DateTimeOffset Now => StoreTime.FromMicroseconds(NotBefore(StoreTime.ToMicroseconds(Reading)));

    /// <summary>Gets what the store's clock shows at present: where it was set back, less than was said before.</summary>
    public DateTimeOffset Reading
    {
        get
        {
            var anchor = Volatile.Read(ref _anchor) ?? throw new InvalidOperationException("The store's time has not been read yet.");
            return anchor.At(timeProvider.GetTimestamp(), timeProvider.TimestampFrequency);
        }
    }

    /// <summary>Gets how often a reading has shown that a clock was set, or that the machine slept: the present time leapt then, or stands still.</summary>
    public int Steps => Volatile.Read(ref _steps);

    /// <summary>Gets how far off the store's time may be at present, either way.</summary>
    public TimeSpan Error =>
        Volatile.Read(ref _anchor)?.ErrorAt(timeProvider.GetTimestamp(), timeProvider.TimestampFrequency) ?? TimeSpan.MaxValue;

    /// <summary>Reads the store's time. One call at a time.</summary>
    public async Task ReadAsync(IStorageEngine engine, CancellationToken cancellationToken)
    {
        var sent = timeProvider.GetTimestamp();
        var time = await engine.ReadTimeAsync(cancellationToken);
        var read = StoreAnchor.Between(time, sent, timeProvider.GetTimestamp(), timeProvider.TimestampFrequency);
        if (_anchor?.IsStepTo(read, timeProvider.TimestampFrequency) == true)
        {
            Interlocked.Increment(ref _steps); // before the anchor: whoever sees the new time sees the step, too
        }

        Volatile.Write(ref _anchor, _anchor?.OrNewer(read, timeProvider.TimestampFrequency) ?? read);
    }

    private long NotBefore(long now)
    {
        for (var latest = Volatile.Read(ref _latest); now > latest;)
        {
            var seen = Interlocked.CompareExchange(ref _latest, now, latest);
            if (seen == latest)
            {
                return now;
            }

            latest = seen;
        }

        return Volatile.Read(ref _latest);
    }
}
