using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Grains.Orders;

/// <summary>When the failure detector quarantines a node that fails what others can run, for how long, and how the node is let back.</summary>
/// <remarks>After the outlier detection of the Envoy proxy: judged against the others, longer with each time, never more than a share of the nodes.</remarks>
public sealed class QuarantineOptions
{
    /// <summary>Gets or sets a value indicating whether the failure detector quarantines nodes by itself.</summary>
    /// <value>The default is <see langword="true"/>. Operators may quarantine nodes in any case.</value>
    public bool IsAutomatic { get; set; } = true;

    /// <summary>Gets or sets from which share of failed attempts on a node is a sign against it.</summary>
    /// <value>The default is 0.5; must be between 0.05 and 1.</value>
    /// <remarks>Only handlers that other nodes run, too, are looked at, and only while the others fail a fourth of that share at the most: a handler that fails everywhere accuses nobody.</remarks>
    [Range(0.05, 1.0)]
    public double FailureShare { get; set; } = 0.5;

    /// <summary>Gets or sets how many attempts must have ended within <see cref="Window"/>, on the node and on the others each.</summary>
    /// <value>The default is 20; must be between 1 and 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int MinAttempts { get; set; } = 20;

    /// <summary>Gets or sets from when to now attempts are looked at.</summary>
    /// <value>The default is 1 minute; must be between 1 second and 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets which delay of a node's thread pool, in each heartbeat of <see cref="Window"/>, is a sign against it, unless others have a fourth of it.</summary>
    /// <value>The default is 2 seconds; must be between 100 milliseconds and 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "01:00:00")]
    public TimeSpan PoolDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets which share of a node's slots, held by hung handlers in each heartbeat of <see cref="Window"/>, is a sign against it, unless hung handlers hold a fourth of that share of another's.</summary>
    /// <value>The default is 0.5; must be between 0.05 and 1.</value>
    /// <remarks>A handler is hung that was told to stop, has not stopped within the grace, and was given up on: its slot stays taken until it ends.</remarks>
    [Range(0.05, 1.0)]
    public double HungShare { get; set; } = 0.5;

    /// <summary>Gets or sets from when to when the first quarantine is; each that follows closely is twice as long.</summary>
    /// <value>The default is 1 minute; must be between 1 second and 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BaseTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how long a quarantine is at the most. After as long a time without one the next is as short as the first.</summary>
    /// <value>The default is 15 minutes; must be between 1 second and 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Gets or sets which share of the nodes may be in quarantine by the detector's word at the same time.</summary>
    /// <value>The default is 0.34, a third; must be between 0 and 0.9. Among fewer than three nodes none is.</value>
    [Range(0.0, 0.9)]
    public double MaxShare { get; set; } = 0.34;

    /// <summary>Gets or sets how long each step of the way back takes: one slot at first, then twice as many.</summary>
    /// <value>The default is 10 seconds; must be between 100 milliseconds and 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.1000000", "01:00:00")]
    public TimeSpan ReturnStep { get; set; } = TimeSpan.FromSeconds(10);
}
