namespace FaultTolerance.Bench.Measuring;

/// <summary>How times are spread, in seconds.</summary>
/// <param name="Median">Half of them are no longer (p50, by nearest rank).</param>
/// <param name="P99">99 of 100 are no longer (p99, by nearest rank): of fewer than 100 times the longest.</param>
internal readonly record struct Spread(double Median, double P99)
{
    /// <summary>Returns the spread of times, of which there must be one.</summary>
    public static Spread Of(IEnumerable<TimeSpan> times)
    {
        var seconds = times.Select(time => time.TotalSeconds).ToList();
        return new Spread(Statistics.Percentile(seconds, 0.5), Statistics.Percentile(seconds, 0.99));
    }
}
