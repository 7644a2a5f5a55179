namespace FileManifest;

/// <summary>Says that a node's tally is too large for its shards and must be split further.</summary>
/// <param name="Node">The node of the tree.</param>
/// <param name="Count">How many shards it needs, as far as could be seen.</param>
[GenerateSerializer, Immutable, Alias("FileManifest.TallySplit")]
public readonly record struct TallySplit([property: Id(0)] int Node, [property: Id(1)] int Count);
