using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Nodes;

/// <inheritdoc cref="INodeGrain"/>
[GrainType("node")]
internal sealed class NodeGrain(IDurableStore store, NodeDirectory nodes) : Grain, INodeGrain
{
    public async Task<NodeSnapshot?> GetSnapshotAsync()
    {
        var incarnation = new NodeIncarnation(this.GetPrimaryKeyLong());
        var rows = await store.ListNodesAsync(NodeQueries.MaxNodes, CancellationToken.None);
        return nodes.Read([.. rows.Where(row => row.Incarnation == incarnation)]) is [var node] ? NodeSnapshots.Of(node, store.Now) : null;
    }
}
