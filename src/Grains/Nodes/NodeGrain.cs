using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Nodes;

/// <inheritdoc cref="INodeGrain"/>
[GrainType("node")]
internal sealed class NodeGrain(IDurableStore store, NodeDirectory nodes) : Grain, INodeGrain
{
    public async Task<NodeSnapshot?> GetSnapshotAsync()
    {
        var incarnation = new NodeIncarnation(this.GetPrimaryKeyLong());
        return nodes.Read(await store.ReadNodesAsync([incarnation], CancellationToken.None)) is [var node] ? NodeSnapshots.Of(node, store.Now) : null;
    }
}
