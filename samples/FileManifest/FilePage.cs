namespace FileManifest;

/// <summary>The entries of some files that follow each other in the manifest.</summary>
/// <param name="Entries">The entries, in the order of the manifest.</param>
[GenerateSerializer, Immutable, Alias("FileManifest.FilePage")]
public sealed record FilePage([property: Id(0)] IReadOnlyList<FileEntry> Entries);
