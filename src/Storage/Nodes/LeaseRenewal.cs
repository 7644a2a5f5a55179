namespace FaultTolerance.Storage.Nodes;

/// <summary>Asks to renew the lease of one life of a node, and says where the life is.</summary>
public sealed record LeaseRenewal
{
    /// <summary>Gets the life.</summary>
    public required NodeIncarnation Incarnation { get; init; }

    /// <summary>Gets the number of this renewal among those of the life: a later one has a larger one, from 1 on.</summary>
    public required long Sequence { get; init; }

    /// <summary>Gets where the life is.</summary>
    public required NodePhase Phase { get; init; }

    /// <summary>Gets what the node says of itself, serialized.</summary>
    public required byte[] Info { get; init; }

    /// <summary>Gets how long the lease is, from the store's now.</summary>
    public required TimeSpan Lease { get; init; }
}
