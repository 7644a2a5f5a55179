namespace FileManifest;

/// <summary>Asks for one shard of a tally, and says how large it may become.</summary>
/// <param name="Node">The node of the tree that the tally belongs to.</param>
/// <param name="Shard">The shard asked for.</param>
/// <param name="Limit">The most bytes that the shard may take packed.</param>
[GenerateSerializer, Immutable, Alias("FileManifest.TallySlice")]
public sealed record TallySlice([property: Id(0)] int Node, [property: Id(1)] TallyShard Shard, [property: Id(2)] int Limit);
