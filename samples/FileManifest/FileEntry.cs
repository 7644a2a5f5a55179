namespace FileManifest;

/// <summary>What the manifest says of one file.</summary>
[GenerateSerializer, Immutable, Alias("FileManifest.FileEntry")]
public sealed record FileEntry
{
    /// <summary>Gets the path below the folder, with forward slashes.</summary>
    [Id(0)] public required string Path { get; init; }

    /// <summary>Gets the SHA-256 of the content in lower-case hexadecimal; empty for a file that could not be read.</summary>
    [Id(1)] public string Sha256 { get; init; } = "";

    /// <summary>Gets the number of bytes read.</summary>
    [Id(2)] public long Size { get; init; }

    /// <summary>Gets how often the byte 0x0A occurs.</summary>
    [Id(3)] public long Lines { get; init; }

    /// <summary>Gets the number of words: maximal runs of ASCII letters and digits.</summary>
    [Id(4)] public long Words { get; init; }

    /// <summary>Gets why the file could not be read; null when it was.</summary>
    [Id(5)] public string? Error { get; init; }
}
