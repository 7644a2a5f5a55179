namespace FaultTolerance;

/// <summary>How a node is to be drained.</summary>
[GenerateSerializer, Immutable, Alias("ft.NodeDrain")]
public sealed record NodeDrain
{
    /// <summary>Gets from when to when attempts may finish; what still runs then is handed over at no cost.</summary>
    /// <value>The default is the node's own drain time-out (<c>FaultTolerance:Nodes:DrainTimeout</c>); must be between 0 and 7 days.</value>
    [Id(0)] public TimeSpan? Within { get; init; }

    /// <summary>
    /// Gets a value indicating whether the machine is taken away when the time is over, as cloud providers announce it for
    /// machines they want back: then attempts are handed over before, in time to end.
    /// </summary>
    [Id(1)] public bool IsPreemption { get; init; }

    /// <summary>Gets why. Kept with the order and shown; at most 500 characters.</summary>
    [Id(2)] public string? Reason { get; init; }
}
