using FaultTolerance.Storage;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Limits of what is asked of the node table.</summary>
internal static class NodeQueries
{
    /// <summary>The most lives that are read at a time. Those that have not ended come first, so that it bounds the cluster's size.</summary>
    public const int MaxNodes = 5_000;

    /// <summary>The most lives that are shown to whoever asks, the history included.</summary>
    public const int MaxShown = 1_000;

    /// <summary>From when to when a life that has ended is still looked at with the living: for its name, and until Orleans has dropped its silo.</summary>
    public static readonly TimeSpan EndedOfLate = TimeSpan.FromMinutes(10);

    /// <summary>Returns the lives that somebody has to do with. The history of a node that crashes again and again costs nothing here.</summary>
    public static Task<IReadOnlyList<NodeRow>> ListCurrentAsync(IDurableStore store, CancellationToken cancellationToken) =>
        store.ListCurrentNodesAsync(store.Now - EndedOfLate, MaxNodes, cancellationToken);
}
