using FaultTolerance.Grains.Orders;
using FaultTolerance.Storage;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Nodes;

/// <inheritdoc cref="INodeGrain"/>
[GrainType("node")]
internal sealed class NodeGrain(IGrainContext context, IDurableStore store, NodeDirectory nodes, NodeOrders orders, IOptions<NodeDetectionOptions> options)
    : IGrainBase, INodeGrain
{
    private const int MaxReason = 500;

    private static readonly TimeSpan LongestDrain = TimeSpan.FromDays(7);

    public IGrainContext GrainContext => context;

    private NodeIncarnation Life => new(context.GrainId.GetIntegerKey());

    public async Task<NodeSnapshot?> GetSnapshotAsync() => await ReadAsync() is { } node
        ? NodeSnapshots.Of(node, store.Now) with { Order = node.IsLiving ? await orders.FindAsync(node.Row.Name, CancellationToken.None) : null }
        : null;

    public Task<NodeOrder> QuarantineAsync(string? reason) => GiveAsync(NodeOrderKind.Quarantine, reason, order => order);

    public async Task<NodeOrder> ReleaseAsync(string? reason)
    {
        var order = await GiveAsync(NodeOrderKind.None, reason, order => order);
        return order.Kind == NodeOrderKind.None
            ? order
            : throw new FaultToleranceException($"Node {Life.Value:x} was told at {order.At:O} to leave ({order.Kind}), which cannot be taken back. Start it again: its next life takes work.");
    }

    public Task<NodeOrder> DrainAsync(NodeDrain drain)
    {
        ArgumentNullException.ThrowIfNull(drain);
        if (drain.Within is { } within && (within < TimeSpan.Zero || within > LongestDrain))
        {
            throw new FaultToleranceException($"The time for a drain is {within}; it must be between 0 and {LongestDrain.TotalDays} days.");
        }

        return GiveAsync(
            NodeOrderKind.Drain, drain.Reason, order => order with { Deadline = order.At + (drain.Within ?? options.Value.DrainTimeout), IsPreemption = drain.IsPreemption });
    }

    public Task<NodeOrder> EvictAsync(string? reason) => GiveAsync(NodeOrderKind.Evict, reason, order => order);

    private async Task<NodeOrder> GiveAsync(NodeOrderKind kind, string? reason, Func<NodeOrder, NodeOrder> with)
    {
        if (reason?.Length > MaxReason)
        {
            throw new FaultToleranceException($"The reason has {reason.Length} characters; at most {MaxReason} are kept.");
        }

        var node = await ReadAsync() ?? throw new FaultToleranceException($"There is no life {Life} of a node, or its retention has ended. See which there are with ft nodes.");
        if (!node.IsLiving)
        {
            throw new FaultToleranceException($"Life {Life} of node {node.Row.Name} has ended at {node.Row.Ended:O} ({node.Row.Phase}): it takes no orders.");
        }

        var order = with(new NodeOrder { Kind = kind, Incarnation = Life, Reason = reason ?? "", At = store.Now });
        return await orders.GiveAsync(node.Info, standing => order with { Round = standing?.Round ?? 0 }, CancellationToken.None);
    }

    private async Task<KnownNode?> ReadAsync() =>
        nodes.Read(await store.ReadNodesAsync([Life], CancellationToken.None)) is [var node] ? node : null;
}
