namespace FileManifest.Check;

/// <summary>Files with the same content.</summary>
public sealed record CheckedDuplicates(string Sha256, long Size, IReadOnlyList<string> Paths);
