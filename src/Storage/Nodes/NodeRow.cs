namespace FaultTolerance.Storage.Nodes;

/// <summary>One life of a node as it is stored. Times are the store's.</summary>
public sealed record NodeRow
{
    /// <summary>Gets the life, the row's key.</summary>
    public required NodeIncarnation Incarnation { get; init; }

    /// <summary>Gets the node's name, the same over all its lives.</summary>
    public required string Name { get; init; }

    /// <summary>Gets where this life is. Never suspected, which is advice.</summary>
    public NodePhase Phase { get; init; }

    /// <summary>Gets when the row was inserted. Set by the store.</summary>
    public DateTimeOffset Joined { get; init; }

    /// <summary>Gets when the lease ends. Set by the store.</summary>
    public DateTimeOffset LeaseEnds { get; init; }

    /// <summary>Gets when this life became final. Set by the store.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Gets when the work of a dead life was recovered. Set by the store.</summary>
    public DateTimeOffset? Recovered { get; init; }

    /// <summary>Gets whether this life was ended because it was proved gone, and not by its lease's end; null while it has not ended, and where an older version ended it. Set by the store.</summary>
    public bool? IsProvedGone { get; init; }

    /// <summary>Gets the number of the newest renewal of the lease; 0 before the first. Set by the store.</summary>
    public long Sequence { get; init; }

    /// <summary>Gets what the node said of itself, serialized.</summary>
    public byte[] Info { get; init; } = [];
}
