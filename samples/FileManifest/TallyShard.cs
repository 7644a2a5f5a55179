using System.Numerics;

namespace FileManifest;

/// <summary>One of the equal parts into which the hashes of a tally's keys are split.</summary>
/// <param name="Index">The number of the part, counted from 0 in the order of the hashes.</param>
/// <param name="Count">How many parts there are: a power of two, at most <see cref="MaxCount"/>.</param>
[GenerateSerializer, Immutable, Alias("FileManifest.TallyShard")]
public readonly record struct TallyShard([property: Id(0)] int Index, [property: Id(1)] int Count)
{
    /// <summary>The most parts that a tally can be split into; as many results as one task may depend on.</summary>
    public const int MaxCount = 512;

    /// <summary>Everything: the only part of a tally that is not split.</summary>
    public static TallyShard Whole { get; } = new(0, 1);

    /// <summary>Gets the first half of this part.</summary>
    public TallyShard FirstHalf => new(Index * 2, Count * 2);

    /// <summary>Returns whether a key with this hash belongs to the part.</summary>
    public bool Contains(ulong hash) => Count == 1 || (int)(hash >> (64 - BitOperations.Log2((uint)Count))) == Index;
}
