namespace FileManifest;

/// <summary>The totals of a folder, or of one shard of its tally.</summary>
[GenerateSerializer, Immutable, Alias("FileManifest.ManifestSummary")]
public sealed record ManifestSummary
{
    /// <summary>How many of the most frequent words are kept.</summary>
    public const int TopCount = 20;

    /// <summary>Gets the number of files.</summary>
    [Id(0)] public long Files { get; init; }

    /// <summary>Gets the number of files that could not be read; they count in no other total.</summary>
    [Id(1)] public long Unreadable { get; init; }

    /// <summary>Gets the number of bytes.</summary>
    [Id(2)] public long Bytes { get; init; }

    /// <summary>Gets the number of lines.</summary>
    [Id(3)] public long Lines { get; init; }

    /// <summary>Gets the number of words.</summary>
    [Id(4)] public long Words { get; init; }

    /// <summary>Gets the number of different words.</summary>
    [Id(5)] public long DistinctWords { get; init; }

    /// <summary>Gets the most frequent words, the most frequent first, those as frequent as each other in ordinal order.</summary>
    [Id(6)] public IReadOnlyList<WordCount> TopWords { get; init; } = [];

    /// <summary>Gets what must be split before the totals can be computed; empty when they are here.</summary>
    [Id(7)] public IReadOnlyList<TallySplit> Splits { get; init; } = [];

    /// <summary>Adds up the summaries of all shards.</summary>
    public static ManifestSummary Add(IReadOnlyCollection<ManifestSummary> shards) => new()
    {
        Files = shards.Sum(s => s.Files),
        Unreadable = shards.Sum(s => s.Unreadable),
        Bytes = shards.Sum(s => s.Bytes),
        Lines = shards.Sum(s => s.Lines),
        Words = shards.Sum(s => s.Words),
        DistinctWords = shards.Sum(s => s.DistinctWords),
        TopWords = MostFrequent(shards.SelectMany(s => s.TopWords)),
        Splits = [.. shards.SelectMany(s => s.Splits).Distinct()],
    };

    internal static IReadOnlyList<WordCount> MostFrequent(IEnumerable<WordCount> words) =>
        [.. words.OrderByDescending(w => w.Count).ThenBy(w => w.Word, StringComparer.Ordinal).Take(TopCount)];
}
