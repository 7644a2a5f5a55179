namespace FaultTolerance.Grains.Nodes;

/// <summary>Where one life of a node is: what is stored of it, and what is thought of it.</summary>
/// <param name="Phase">The phase as stored; never suspected.</param>
/// <param name="IsSuspected">Whether the detector has not heard of it for longer than usual.</param>
internal readonly record struct NodeState(NodePhase Phase, bool IsSuspected = false)
{
    /// <summary>Whether this life is over for good.</summary>
    public bool IsEnded => Phase >= NodePhase.Left;

    /// <summary>The phase as others are shown it. One that is quarantined or draining shows that, suspected or not.</summary>
    public NodePhase Shown => IsSuspected && Phase == NodePhase.Alive ? NodePhase.Suspected : Phase;
}
