namespace FaultTolerance;

/// <summary>How long to wait before a call is repeated.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Returns 50 ms × 2^repeat, 2 s at most, and up to a quarter more or less by chance, so that clients spread.</summary>
    /// <param name="repeat">How many repeats there were, counted from 0.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    public static TimeSpan Delay(int repeat, double chance)
    {
        var delay = First * Math.Pow(2, Math.Min(repeat, 10));
        return (delay < Longest ? delay : Longest) * (0.75 + (chance / 2));
    }
}
