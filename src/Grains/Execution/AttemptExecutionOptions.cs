using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Grains.Execution;

/// <summary>How attempts are run.</summary>
public sealed class AttemptExecutionOptions
{
    /// <summary>Gets or sets from how long to how long an attempt may run when its call does not say.</summary>
    /// <value>The default is 300 seconds; must be between 10 milliseconds and 30 days.</value>
    [Range(typeof(TimeSpan), "00:00:00.0100000", "30.00:00:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>Gets or sets from when to when a handler whose token has fired may still run before it is given up on.</summary>
    /// <value>The default is 10 seconds; must be between 0 and 10 minutes.</value>
    /// <remarks>A handler that was given up on keeps its slot until it ends: user code cannot be stopped by force within a process.</remarks>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how many attempts that ran past a limit in time this node records as incidents within a minute.</summary>
    /// <value>The default is 10; must be between 0 and 10,000.</value>
    /// <remarks>The others are told by log, metric and event all the same, and counted in the next incident.</remarks>
    [Range(0, 10_000)]
    public int MaxIncidentsPerMinute { get; set; } = 10;
}
