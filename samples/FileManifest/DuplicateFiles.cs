namespace FileManifest;

/// <summary>Files with the same content.</summary>
/// <param name="Sha256">The SHA-256 of the content, in lower-case hexadecimal.</param>
/// <param name="Size">The size of the content, in bytes.</param>
/// <param name="Paths">The paths of the files, in ordinal order.</param>
public sealed record DuplicateFiles(string Sha256, long Size, IReadOnlyList<string> Paths);
