namespace FaultTolerance;

/// <summary>One life of a node as its row, and where there is one the detector, shows it. Times are the store's.</summary>
[GenerateSerializer, Immutable, Alias("ft.NodeSnapshot")]
public sealed record NodeSnapshot
{
    /// <summary>Gets what the node said of itself.</summary>
    [Id(0)] public required NodeInfo Info { get; init; }

    /// <summary>Gets where this life is.</summary>
    [Id(1)] public NodePhase Phase { get; init; }

    /// <summary>Gets when the node joined.</summary>
    [Id(2)] public DateTimeOffset JoinedAt { get; init; }

    /// <summary>Gets when its lease ends unless it is renewed.</summary>
    [Id(3)] public DateTimeOffset LeaseEndsAt { get; init; }

    /// <summary>Gets when this life ended.</summary>
    [Id(4)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Gets the newest heartbeat that the detector has heard.</summary>
    [Id(5)] public NodeHeartbeat? Heartbeat { get; init; }

    /// <summary>Gets when its work was recovered, for a dead node.</summary>
    [Id(6)] public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>Gets when the detector has last heard from the node, to the second or so; null where it never has.</summary>
    [Id(7)] public DateTimeOffset? HeardAt { get; init; }

    /// <summary>Gets when the node was seen so, for times to be counted from.</summary>
    [Id(8)] public DateTimeOffset SeenAt { get; init; }

    /// <summary>Gets the order that stands for the node; null for none, for a life that has ended, and in the detector's list for a node that is neither quarantined nor leaving.</summary>
    [Id(9)] public NodeOrder? Order { get; init; }

    /// <summary>Gets how unusual its silence is, as the detector sees it: the level phi, which makes a suspect from <c>FaultTolerance:Nodes:PhiThreshold</c> on; 0 where nothing was heard.</summary>
    [Id(10)] public double Phi { get; init; }

    /// <summary>Gets what its newest heartbeat shows to be slow on the node, each in a sentence; empty for a node in good health.</summary>
    [Id(11)] public IReadOnlyList<string> Troubles { get; init; } = [];
}
