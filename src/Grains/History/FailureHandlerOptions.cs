using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Grains.History;

/// <summary>How handlers of failures are called.</summary>
public sealed class FailureHandlerOptions
{
    /// <summary>Gets or sets from calling a handler to giving up on it, as if it had thrown.</summary>
    /// <value>The default is 30 seconds; must be between 10 milliseconds and 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.0100000", "01:00:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how often a handler is called for one incident before it is given up.</summary>
    /// <value>The default is 5; must be between 1 and 100.</value>
    [Range(1, 100)]
    public int MaxTries { get; set; } = 5;

    /// <summary>Gets or sets from a call that failed to the next for that incident; doubled with each failure.</summary>
    /// <value>The default is 5 seconds; must be between 10 milliseconds and 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.0100000", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets from the record of an incident for how long handlers are called for it.</summary>
    /// <value>The default is 1 day; must be between 1 minute and 30 days.</value>
    /// <remarks>A handler that is new to the cluster is called for the incidents of that time. A shorter one loses what happened while the cluster was down for longer.</remarks>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromDays(1);
}
