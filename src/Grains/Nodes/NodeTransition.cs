namespace FaultTolerance.Grains.Nodes;

/// <summary>What an event makes of one life of a node.</summary>
/// <param name="State">The node afterwards.</param>
/// <param name="Verdict">Whether and why anything changed.</param>
internal readonly record struct NodeTransition(NodeState State, NodeVerdict Verdict)
{
    public bool IsChange => Verdict == NodeVerdict.Changed;
}
