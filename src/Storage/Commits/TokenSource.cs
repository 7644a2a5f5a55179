namespace FaultTolerance.Storage.Commits;

/// <summary>Makes tokens and other chance of a store from one seed, for many threads and without a lock.</summary>
/// <remarks>SplitMix64 (Steele, Lea and Flood, 2014): a counter, mixed. One seed gives each number once in 2^64.</remarks>
internal sealed class TokenSource(long seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private long _state = seed;

    /// <summary>Returns the next token; never 0, which is what a row without a token holds.</summary>
    public long Next()
    {
        var token = Mix();
        return token == 0 ? Next() : token;
    }

    /// <summary>Returns a number from 0 up to 1.</summary>
    public double NextDouble() => ((ulong)Mix() >> 11) * (1.0 / (1UL << 53));

    private long Mix()
    {
        var z = (ulong)Interlocked.Add(ref _state, unchecked((long)Step));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (long)(z ^ (z >> 31));
    }
}
