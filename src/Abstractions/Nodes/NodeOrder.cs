namespace FaultTolerance;

/// <summary>An order to a node, as it is stored under the node's name. Times are the store's.</summary>
[GenerateSerializer, Immutable, Alias("ft.NodeOrder")]
public sealed record NodeOrder
{
    /// <summary>Gets what the node is to do.</summary>
    [Id(0)] public NodeOrderKind Kind { get; init; }

    /// <summary>Gets the life to which it was given. A quarantine holds for those that follow, too.</summary>
    [Id(1)] public NodeIncarnation Incarnation { get; init; }

    /// <summary>Gets why, in a sentence: what an operator said, or the evidence against the node.</summary>
    [Id(2)] public string Reason { get; init; } = "";

    /// <summary>Gets a value indicating whether the failure detector gave the order, and not an operator.</summary>
    [Id(3)] public bool IsAutomatic { get; init; }

    /// <summary>Gets when it was given.</summary>
    [Id(4)] public DateTimeOffset At { get; init; }

    /// <summary>Gets by when a drain must be over; null for other orders.</summary>
    [Id(5)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>Gets a value indicating whether the machine is taken away at the deadline, so that nothing may be left to do by then.</summary>
    [Id(6)] public bool IsPreemption { get; init; }

    /// <summary>Gets when an automatic quarantine ends by itself; null for one that somebody has to end.</summary>
    [Id(7)] public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Gets how many automatic quarantines have followed each other closely, this one included: each is longer than the one before.</summary>
    [Id(8)] public int Round { get; init; }

    /// <summary>Gets the quarantine that stood when the node was told to leave: it holds for the lives that follow.</summary>
    [Id(9)] public NodeOrder? Beneath { get; init; }
}
