namespace FaultTolerance.Grains.Nodes;

/// <summary>This node, in this life.</summary>
/// <param name="Info">What the node says of itself.</param>
internal sealed record LocalNode(NodeInfo Info)
{
    public string Name => Info.Name;

    public NodeIncarnation Incarnation => Info.Incarnation;
}
