using FaultTolerance.Grains.Orders;

namespace FaultTolerance.Testing.Simulation;

/// <summary>The orders to nodes as they stand in the store, by name.</summary>
internal sealed class SimulatedOrders
{
    private readonly Dictionary<string, NodeOrder> _standing = [];

    public NodeOrder? Find(string node) => _standing.GetValueOrDefault(node);

    public void Give(string node, NodeOrder order) => _standing[node] = NodeOrderPlan.Merge(Find(node), order);

    /// <summary>Withdraws every quarantine.</summary>
    public void LiftAll(DateTimeOffset now)
    {
        foreach (var node in _standing.Where(pair => pair.Value.Kind == NodeOrderKind.Quarantine).Select(pair => pair.Key).ToList())
        {
            _standing[node] = new NodeOrder { Kind = NodeOrderKind.None, At = now };
        }
    }
}
