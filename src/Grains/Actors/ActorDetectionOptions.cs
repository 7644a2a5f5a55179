using System.ComponentModel.DataAnnotations;

namespace FaultTolerance.Grains.Actors;

/// <summary>When an actor that this node watches has failed.</summary>
public sealed class ActorDetectionOptions
{
    /// <summary>Gets or sets from one heartbeat of an actor to the next, where its watch does not say.</summary>
    /// <value>The default is 10 seconds; must be between 10 milliseconds and 1 hour, and not shorter than <see cref="CheckInterval"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00.0100000", "01:00:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets for how many intervals an actor may be silent. It has failed when it is silent for longer.</summary>
    /// <value>The default is 3; must be between 2 and 1,000.</value>
    /// <remarks>A larger one forgives longer calls of an actor that beats from a timer which waits for its turn, and finds a hung one later.</remarks>
    [Range(2, 1_000)]
    public int MissedHeartbeats { get; set; } = 3;

    /// <summary>Gets or sets from one look at the actors to the next; a failed one is found so much after its limit at the most.</summary>
    /// <value>The default is 1 second; must be between 10 milliseconds and 1 minute. It is also the shortest interval that an actor may have.</value>
    [Range(typeof(TimeSpan), "00:00:00.0100000", "00:01:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how many actors this node watches at the most.</summary>
    /// <value>The default is 100,000; must be between 1 and 10,000,000.</value>
    /// <remarks>Each look takes time that grows with their number, and so does the memory: some 300 bytes for each.</remarks>
    [Range(1, 10_000_000)]
    public int MaxWatched { get; set; } = 100_000;
}
