namespace FaultTolerance.Testing.Networks;

/// <summary>Between a node and whom the network fails.</summary>
public enum NetworkParty
{
    /// <summary>All others: the nodes, the store and clients.</summary>
    Everybody,

    /// <summary>The other nodes. The store and clients are reached.</summary>
    Peers,

    /// <summary>The store. The other nodes and clients are reached.</summary>
    Store,
}
