namespace FaultTolerance.Bench.Measuring;

/// <summary>What is said of a row's rounds.</summary>
internal static class Statistics
{
    /// <summary>Returns the middle value; of an even number of values the mean of the two in the middle.</summary>
    public static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
