using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Commits;

/// <summary>How long to wait before a batch is repeated. Pure: chance is passed in.</summary>
internal static class RepeatDelay
{
    /// <summary>How often a batch that lost against another is repeated at once; after that the store counts as busy.</summary>
    public const int QuickRepeats = 8;

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Scatter = TimeSpan.FromMilliseconds(1);

    /// <summary>Returns the delay before a repeat.</summary>
    /// <param name="failure">Why the batch is repeated.</param>
    /// <param name="repeat">The number of the repeat, from 0.</param>
    /// <param name="chance">A random number from 0 up to 1, so that those who collided do not collide again.</param>
    public static TimeSpan Of(StoreException failure, int repeat, double chance) => failure.Fault switch
    {
        // Nothing was written and the other side is through: at once, and only then a little apart.
        StoreFault.Contention when repeat < QuickRepeats => Scatter * (Math.Pow(2, repeat) - 1) * chance,

        // The connection was lost: most often a new one works.
        StoreFault.Unreachable when failure.IsOutcomeUnknown && repeat == 0 => TimeSpan.Zero,

        _ => Backoff(repeat) * ((1 + chance) / 2),
    };

    private static TimeSpan Backoff(int repeat) =>
        repeat > 10 || Shortest * Math.Pow(2, repeat) > Longest ? Longest : Shortest * Math.Pow(2, repeat);
}
