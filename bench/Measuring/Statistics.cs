namespace FaultTolerance.Bench.Measuring;

/// <summary>What is said of a row's rounds.</summary>
internal static class Statistics
{
    /// <summary>Returns the least value that so large a share of all values does not exceed: by nearest rank, so that it is one of them.</summary>
    /// <param name="values">The values, at least one.</param>
    /// <param name="share">The share, above 0 and up to 1: 0.99 of 50 values is the largest.</param>
    public static double Percentile(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }

    /// <summary>Returns the middle value; of an even number of values the mean of the two in the middle.</summary>
    public static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
