namespace FileManifest;

/// <summary>How often a word occurs.</summary>
/// <param name="Word">The word in lower case; a very long one in the short form of <see cref="TallyKey"/>.</param>
/// <param name="Count">How often it occurs.</param>
[GenerateSerializer, Immutable, Alias("FileManifest.WordCount")]
public readonly record struct WordCount([property: Id(0)] string Word, [property: Id(1)] long Count);
