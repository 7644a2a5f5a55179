namespace FileManifest;

/// <summary>A file as the walk through the folder found it.</summary>
/// <param name="Path">The path below the folder, with forward slashes.</param>
/// <param name="Size">The size then, in bytes; 0 where it was not to be had.</param>
/// <param name="ModifiedAt">When the file was last written, as far as was to be had.</param>
public sealed record ListedFile(string Path, long Size, DateTime ModifiedAt);
