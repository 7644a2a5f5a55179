namespace FileManifest;

/// <summary>One shard of a tally: keys with the sums of their counts, packed.</summary>
/// <remarks>
/// A part is either whole or empty: where the keys would not fit into the limit there is no key at all, and
/// <see cref="Splits"/> says what to split. So nothing is ever cut off.
/// </remarks>
[GenerateSerializer, Immutable, Alias("FileManifest.TallyPart")]
public sealed record TallyPart
{
    /// <summary>Gets the keys and their sums, in the order of the keys' hashes.</summary>
    [Id(0)] public byte[] Packed { get; init; } = [];

    /// <summary>Gets what must be split before this part can be computed; empty when the part is whole.</summary>
    [Id(1)] public IReadOnlyList<TallySplit> Splits { get; init; } = [];

    /// <summary>Gets a value indicating whether the keys are here.</summary>
    public bool IsWhole => Splits.Count == 0;
}
