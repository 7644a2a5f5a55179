namespace FileManifest.Check;

/// <summary>How often a word occurs.</summary>
public sealed record CheckedWord(string Word, long Count);
