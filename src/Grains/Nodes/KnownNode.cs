using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Grains.Nodes;

/// <summary>One life of a node: its row, and what it said of itself.</summary>
internal sealed record KnownNode(NodeRow Row, NodeInfo Info);
