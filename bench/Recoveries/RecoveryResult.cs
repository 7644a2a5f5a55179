using FaultTolerance.Bench.Measuring;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>What the strikes against one cluster, all of one kind, have come to.</summary>
/// <param name="Title">What the cluster is.</param>
/// <param name="Fault">What was done.</param>
/// <param name="Strikes">What followed each time; at least one.</param>
internal sealed record RecoveryResult(string Title, Fault Fault, IReadOnlyList<StrikeTimes> Strikes)
{
    /// <summary>Gets the times until the death was recorded.</summary>
    public Spread Detected => Spread.Of(Strikes.Select(strike => strike.Detected));

    /// <summary>Gets the times until the first attempt ran elsewhere; null where there is nobody to restart any.</summary>
    public Spread? FirstRestarted => SpreadOf(strike => strike.FirstRestarted);

    /// <summary>Gets the times until all attempts ran elsewhere; null where there is nobody to restart any.</summary>
    public Spread? AllRestarted => SpreadOf(strike => strike.AllRestarted);

    /// <summary>Gets the times for which frozen processes ran on after they were woken; null where none was.</summary>
    public Spread? RanOn => SpreadOf(strike => strike.RanOn);

    private Spread? SpreadOf(Func<StrikeTimes, TimeSpan?> which)
    {
        var times = Strikes.Select(which).OfType<TimeSpan>().ToList();
        return times.Count == 0 ? null : Spread.Of(times);
    }
}
