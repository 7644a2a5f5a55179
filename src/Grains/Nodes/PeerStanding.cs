namespace FaultTolerance.Grains.Nodes;

/// <summary>What a peer is to a node that cannot reach the store: whether it could take over the node's work.</summary>
internal enum PeerStanding
{
    /// <summary>It says that it cannot reach the store either: it takes nothing over for one lease.</summary>
    LostStore,

    /// <summary>It says that it reaches the store: at the end of this node's lease it takes over.</summary>
    ReachesStore,

    /// <summary>It gave no answer and may live: it may reach the store.</summary>
    Silent,

    /// <summary>It gave no answer, and its process is proved gone.</summary>
    Gone,
}
