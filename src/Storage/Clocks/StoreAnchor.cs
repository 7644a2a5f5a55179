namespace FaultTolerance.Storage.Clocks;

/// <summary>One reading of the store's time, tied to this process's monotonic clock. Pure.</summary>
/// <param name="Time">The store's time at the anchor.</param>
/// <param name="Timestamp">The monotonic timestamp at the anchor.</param>
/// <param name="Error">How far off the store's time may be at the anchor, either way.</param>
internal sealed record StoreAnchor(DateTimeOffset Time, long Timestamp, TimeSpan Error)
{
    /// <summary>How far two clocks may drift apart: 500 ppm, the most at which NTP slews a clock.</summary>
    public const double Drift = 500e-6;

    /// <summary>What is less is no step: a clock that is put right by a few milliseconds harms nobody.</summary>
    public static readonly TimeSpan LeastStep = TimeSpan.FromMilliseconds(100);

    /// <summary>Ties a reading to the middle of its round trip: the store read its clock somewhere between.</summary>
    /// <param name="time">What the store answered.</param>
    /// <param name="sent">The timestamp before the question was sent.</param>
    /// <param name="received">The timestamp after the answer came.</param>
    /// <param name="frequency">How many timestamps a second has.</param>
    public static StoreAnchor Between(DateTimeOffset time, long sent, long received, long frequency) =>
        new(time, sent + ((received - sent) / 2), TimeSpan.FromSeconds((double)(received - sent) / frequency / 2));

    /// <summary>Returns the store's time at a timestamp.</summary>
    public DateTimeOffset At(long timestamp, long frequency) => Time + Elapsed(timestamp, frequency);

    /// <summary>Returns how far off the store's time may be at a timestamp.</summary>
    public TimeSpan ErrorAt(long timestamp, long frequency) => Error + (Elapsed(timestamp, frequency) * Drift);

    /// <summary>Returns whether the store's clock, or this process's, was moved between two readings: their bounds do not meet by far.</summary>
    public bool IsStepTo(StoreAnchor newer, long frequency) =>
        (At(newer.Timestamp, frequency) - newer.Time).Duration() > ErrorAt(newer.Timestamp, frequency) + newer.Error + LeastStep;

    /// <summary>Returns which of two anchors to go by: the newer one if it is as exact, or if the older one must be wrong.</summary>
    /// <remarks>
    /// A slow answer is a bad reading, and no reason to leave a good anchor. But when even the bounds of both do not meet, a clock
    /// was set or the machine slept, and only the newer reading can be right.
    /// </remarks>
    public StoreAnchor OrNewer(StoreAnchor newer, long frequency)
    {
        var error = ErrorAt(newer.Timestamp, frequency);
        var apart = (At(newer.Timestamp, frequency) - newer.Time).Duration();
        return newer.Error <= error || apart > error + newer.Error ? newer : this;
    }

    private TimeSpan Elapsed(long timestamp, long frequency) => TimeSpan.FromSeconds((double)(timestamp - Timestamp) / frequency);
}
