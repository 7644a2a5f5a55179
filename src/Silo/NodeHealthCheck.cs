using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaultTolerance.Silo;

/// <summary>Says whether this node lives and whether its store answers.</summary>
/// <remarks>A node without its store is degraded, not unhealthy: it goes on when the store is back, and starting it again would not help.</remarks>
internal sealed class NodeHealthCheck(NodeAgent agent, IDurableStore store) : IHealthCheck
{
    /// <summary>How long the store may take to answer a read of one row.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var node = agent.Describe();
        if (NodeLifeCheck.HasEnded(node))
        {
            return NodeLifeCheck.Ended(node);
        }

        var facts = NodeLifeCheck.Facts(node);
        try
        {
            await store.ReadEventAsync("health", cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or Storage.Engines.StoreException)
        {
            return HealthCheckResult.Degraded($"The store does not answer: {exception.Message}", data: facts);
        }

        return node.Phase == NodePhase.Alive
            ? HealthCheckResult.Healthy("The node takes work.", facts)
            : HealthCheckResult.Degraded($"The node takes no new work: it is {node.Phase}.", data: facts);
    }
}
