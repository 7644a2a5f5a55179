namespace FaultTolerance.Bench.Recoveries;

/// <summary>What followed one strike against a silo, each time counted from the strike.</summary>
/// <param name="Detected">Until the death was recorded; with Orleans alone, until the first membership snapshot that shows it.</param>
/// <param name="FirstRestarted">Until the first of its attempts ran on another silo; null where there is nobody to restart any.</param>
/// <param name="AllRestarted">Until all of them ran on other silos; null where there is nobody to restart any.</param>
internal readonly record struct StrikeTimes(TimeSpan Detected, TimeSpan? FirstRestarted = null, TimeSpan? AllRestarted = null)
{
    /// <summary>Gets how long a frozen process ran on after it was woken, until it ended by itself; null for one that was killed.</summary>
    public TimeSpan? RanOn { get; init; }
}
