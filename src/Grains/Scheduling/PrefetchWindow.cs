namespace FaultTolerance.Grains.Scheduling;

/// <summary>How many attempts a node takes on beyond those that run, by the pace at which its attempts have ended of late.</summary>
/// <remarks>
/// A claim costs the same for one row as for hundreds, so short attempts want many rows a claim; long ones must not wait here while
/// another node is idle. What the slots get done within <see cref="TaskPipelineOptions.PrefetchTime"/> is both. A node begins
/// cautiously, as if its attempts took a second, with a fixed few ahead; once these had to wait it takes none ahead until attempts
/// have become short.
/// </remarks>
internal sealed class PrefetchWindow(TaskPipelineOptions options)
{
    /// <summary>The most attempts that are prefetched because they are short: as many as the store writes in one batch.</summary>
    public const int Most = 500;

    /// <summary>How long a prefetched attempt may wait; what has waited longer is given back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const double Weight = 1.0 / 16; // a few dozen attempts change the window, a single odd one does not

    private static readonly double ShortAgain = Patience.TotalSeconds / 2;

    private double _seconds = Patience.TotalSeconds;
    private bool _isStalled;

    /// <summary>Gets how many of the short attempts that ended of late the slots get done within the prefetch time; none after a stall.</summary>
    /// <remarks>A single one too many would be claimed, given back and claimed again for as long as the slots are taken, with a free slot on another node.</remarks>
    public int Paced => _isStalled ? 0 : (int)Math.Round(Math.Min(Most, options.Slots * options.PrefetchTime.TotalSeconds / _seconds));

    /// <summary>Gets how many are prefetched now.</summary>
    public int Size => _isStalled ? 0 : Math.Max(options.Slots * options.PrefetchFactor, Paced);

    /// <summary>Notes how long an attempt took, from its start to its end, whatever that was.</summary>
    public void OnEnded(TimeSpan took)
    {
        _seconds += Weight * (Math.Max(took.TotalSeconds, 1e-6) - _seconds);
        _isStalled &= _seconds > ShortAgain;
    }

    /// <summary>Notes that attempts had to wait for longer than they should: back to caution.</summary>
    public void OnStalled() => (_seconds, _isStalled) = (Math.Max(_seconds, Patience.TotalSeconds), true);
}
