using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.GrainState;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;

namespace FaultTolerance.Grains.Orders;

/// <summary>The orders that stand, one for each node's name, in the store.</summary>
/// <param name="store">The store.</param>
/// <param name="tell">Tells the node on a silo that there is an order.</param>
/// <param name="orders">Reads and writes orders.</param>
/// <param name="timeProvider">Where the deadline of telling comes from.</param>
/// <param name="logger">The log.</param>
internal sealed partial class NodeOrders(
    IDurableStore store, Func<SiloAddress, Task> tell, Serializer<NodeOrder> orders, TimeProvider timeProvider, ILogger<NodeOrders> logger)
{
    /// <summary>How often an order is given again because another writer came first.</summary>
    private const int MaxRaces = 20;

    /// <summary>How long telling the node may take. One that cannot be told looks by itself.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static string KeyOf(string node) => $"ft.order/{node}";

    /// <summary>Returns the order that stands under a node's name; null where none was ever given.</summary>
    public async Task<NodeOrder?> FindAsync(string node, CancellationToken cancellationToken) =>
        Read(await store.ReadStateAsync(KeyOf(node), cancellationToken));

    /// <summary>Returns the order that keeps a node from work or has it leave; null for none.</summary>
    public async Task<NodeOrder?> FindForAsync(KnownNode node, CancellationToken cancellationToken) =>
        node.Row.Phase is NodePhase.Quarantined or NodePhase.Draining ? await FindAsync(node.Row.Name, cancellationToken) : null;

    /// <summary>Gives an order, and tells the node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="make">Makes the order from the one that stands; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The order that stands afterwards.</returns>
    /// <exception cref="FaultToleranceException">Others kept giving orders to the same node.</exception>
    public async Task<NodeOrder> GiveAsync(NodeInfo node, Func<NodeOrder?, NodeOrder> make, CancellationToken cancellationToken)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var row = await store.ReadStateAsync(KeyOf(node.Name), cancellationToken);
            var standing = Read(row);
            var after = NodeOrderPlan.Merge(standing, make(standing));
            if (after != standing)
            {
                var write = new GrainStateWrite(KeyOf(node.Name), row?.Token, store.NewToken(), orders.SerializeToArray(after));
                if (!await store.WriteStateAsync(write, cancellationToken))
                {
                    continue;
                }

                LogGiven(node.Name, node.Incarnation, after.Kind, after.Reason);
            }

            await TellAsync(node);
            return after;
        }

        throw new FaultToleranceException($"Node {node.Name} is being given orders by others again and again. Nothing was changed by this one; look at what stands and try again.");
    }

    private NodeOrder? Read(GrainStateRow? row) => row?.State is { } state ? orders.Deserialize(state) : null;

    private async Task TellAsync(NodeInfo node)
    {
        try
        {
            await tell(node.Address).WaitAsync(Limit, timeProvider);
        }
        catch (Exception exception)
        {
            LogNotTold(exception, node.Name, node.Incarnation);
        }
    }

    [LoggerMessage(EventIds.OrderGiven, LogLevel.Information, "Node {Node}, life {Incarnation}, was given the order {Order}: {Reason}")]
    private partial void LogGiven(string node, NodeIncarnation incarnation, NodeOrderKind order, string reason);

    [LoggerMessage(EventIds.OrderNotTold, LogLevel.Warning, "Node {Node}, life {Incarnation}, could not be told that there is an order for it; it looks by itself.")]
    private partial void LogNotTold(Exception exception, string node, NodeIncarnation incarnation);
}
