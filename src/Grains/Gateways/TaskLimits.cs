using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Grains.Gateways;

/// <summary>How large a call and its task's progress may be.</summary>
public sealed class TaskLimits
{
    /// <summary>Gets or sets the most tasks whose results one call may take.</summary>
    /// <value>The default is 10,000; must be between 1 and 100,000.</value>
    [Range(1, 100_000)]
    public int MaxFanIn { get; set; } = 10_000;

    /// <summary>Gets or sets the most bytes that the arguments of one call may take.</summary>
    /// <value>The default is 4,000,000; must be between 1,024 and 64,000,000, and below StoreOptions.MaxPayload.</value>
    [Range(1_024, 64_000_000)]
    public int MaxArguments { get; set; } = 4_000_000;

    /// <summary>Gets or sets the most bytes that the results which one call takes may have together.</summary>
    /// <value>The default is 64,000,000; must be between 1,024 and 2,000,000,000, and not below StoreOptions.MaxPayload to be of use.</value>
    /// <remarks>
    /// The node that runs the call holds all of them at once, beside those of the other attempts in its slots. How large they are is known only when the
    /// call is to run: it fails then, with kind <see cref="FailureKind.InvalidCall"/>.
    /// </remarks>
    [Range(1_024, 2_000_000_000)]
    public int MaxResults { get; set; } = 64_000_000;

    /// <summary>Gets or sets the most bytes that the progress of one task may take.</summary>
    /// <value>The default is 16,384 (16 KiB); must be between 1,024 and 262,144.</value>
    /// <remarks>It stands in the task's row and is written again with each change of it. A larger value makes every change of such a task dearer.</remarks>
    [Range(1_024, 262_144)]
    public int MaxProgress { get; set; } = 16 * 1024;
}
