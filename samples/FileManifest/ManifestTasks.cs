using FaultTolerance;

namespace FileManifest;

/// <summary>The tasks that fold what was found in files into one manifest.</summary>
public sealed class ManifestTasks
{
    /// <summary>Adds up one shard of several tallies.</summary>
    [TaskHandler("manifest.merge", Version = 1)]
    public TallyPart Merge(TallySlice slice, TallyPart[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (!parts.All(part => part.IsWhole))
        {
            return new TallyPart { Splits = [.. parts.SelectMany(part => part.Splits).Distinct()] };
        }

        var tally = new TallyTable(slice);
        foreach (var part in parts)
        {
            var reader = new TallyPacking.Reader(part.Packed);
            while (reader.Read())
            {
                tally.Add(reader.Key, reader.Count);
            }
        }

        return tally.ToPart();
    }

    /// <summary>Draws the totals out of one shard of the whole folder's tally, and the contents that more than one file has.</summary>
    [TaskHandler("manifest.summarize", Version = 1)]
    public (ManifestSummary Summary, TallyPart RepeatedContents) Summarize(TallyPart shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        var summary = new SummaryCount(shard.Packed.Length);
        var reader = new TallyPacking.Reader(shard.Packed);
        while (reader.Read())
        {
            summary.Add(reader.Key, reader.Count);
        }

        return (summary.ToSummary() with { Splits = shard.Splits }, summary.ToRepeatedContents());
    }

    /// <summary>Adds up the totals of all shards.</summary>
    [TaskHandler("manifest.total", Version = 1)]
    public ManifestSummary Total(ManifestSummary[] shards) => ManifestSummary.Add(shards);
}
