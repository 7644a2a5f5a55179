namespace FileManifest.Check;

/// <summary>What the check found out about one file: either an error or all the rest.</summary>
public sealed record CheckedFile(string Path, string? Error, string? Sha256, long? Size, long? Lines, long? Words);
