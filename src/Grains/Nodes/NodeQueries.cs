namespace FaultTolerance.Grains.Nodes;

/// <summary>Limits of what is asked of the node table.</summary>
internal static class NodeQueries
{
    /// <summary>The most lives that are read at a time. Those that have not ended come first, so that it bounds the cluster's size.</summary>
    public const int MaxNodes = 5_000;
}
