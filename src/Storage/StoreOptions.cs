using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Storage;

/// <summary>How the store is used.</summary>
public sealed class StoreOptions
{
    /// <summary>Gets or sets the most writes that are committed in one round trip.</summary>
    /// <value>The default is 500; must be between 1 and 1,000.</value>
    /// <remarks>A larger batch costs less a write and makes each wait longer.</remarks>
    [Range(1, 1_000)]
    public int MaxBatch { get; set; } = 500;

    /// <summary>Gets or sets the most writes that may wait for their commit; more are refused as busy.</summary>
    /// <value>The default is 50,000; must be between 1,000 and 10,000,000.</value>
    [Range(1_000, 10_000_000)]
    public int MaxPendingWrites { get; set; } = 50_000;

    /// <summary>Gets or sets the largest payload that stands in the row itself, in bytes.</summary>
    /// <value>The default is 65,536 (64 KiB); must be between 0 and 1,048,576.</value>
    [Range(0, 1 << 20)]
    public int MaxInlinePayload { get; set; } = 64 * 1024;

    /// <summary>Gets or sets the largest payload at all, in bytes.</summary>
    /// <value>The default is 4,194,304 (4 MiB); must be between 65,536 and 67,108,864.</value>
    [Range(64 * 1024, 64 << 20)]
    public int MaxPayload { get; set; } = 4 << 20;

    /// <summary>Gets or sets how long a write is repeated while the store cannot be reached or its outcome is unknown.</summary>
    /// <value>The default is 30 seconds; must be between 1 second and 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
