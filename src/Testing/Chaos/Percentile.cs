namespace FaultTolerance.Testing.Chaos;

/// <summary>Percentiles by nearest rank: always a time that was measured.</summary>
internal static class Percentile
{
    /// <summary>Returns the time that this part of all times do not exceed; null where there is none.</summary>
    /// <param name="times">The times, in any order.</param>
    /// <param name="part">The part, above 0 and up to 1.</param>
    public static TimeSpan? Of(IEnumerable<TimeSpan> times, double part)
    {
        var sorted = times.Order().ToList();
        return sorted.Count == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Count) - 1)];
    }
}
