namespace FileManifest;

/// <summary>Asks for the digest of one file, and for those words of it that belong to one shard.</summary>
[GenerateSerializer, Immutable, Alias("FileManifest.FileSlice")]
public sealed record FileSlice
{
    /// <summary>Gets the folder.</summary>
    [Id(0)] public required string Folder { get; init; }

    /// <summary>Gets the path below the folder, with forward slashes.</summary>
    [Id(1)] public required string Path { get; init; }

    /// <summary>Gets which words to return.</summary>
    [Id(2)] public required TallySlice Words { get; init; }
}
