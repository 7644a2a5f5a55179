using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Grains.Nodes;

/// <summary>One life of a node: its row, and what stands in it.</summary>
internal sealed record KnownNode(NodeRow Row, NodeRecord Record)
{
    public NodeIncarnation Incarnation => Row.Incarnation;

    public NodeInfo Info => Record.Info;

    /// <summary>Whether this life has not ended, as far as the row tells.</summary>
    public bool IsLiving => Row.Phase < NodePhase.Left;
}
