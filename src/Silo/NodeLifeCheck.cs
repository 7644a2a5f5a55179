using FaultTolerance.Grains.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaultTolerance.Silo;

/// <summary>Says whether this process is still good for anything: whether its node's life has not ended.</summary>
/// <remarks>
/// It asks nobody else, so it answers at once. That it answers at all shows that the process takes requests and the pool has threads;
/// a process whose pipeline stands still ends by itself.
/// </remarks>
internal sealed class NodeLifeCheck(NodeAgent agent) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var node = agent.Describe();
        return Task.FromResult(HasEnded(node) ? Ended(node) : HealthCheckResult.Healthy("The process works.", Facts(node)));
    }

    /// <summary>Returns whether the node's life has ended, upon which its process ends, too.</summary>
    public static bool HasEnded(NodeHeartbeat node) => node.Phase is NodePhase.Dead or NodePhase.Left;

    public static HealthCheckResult Ended(NodeHeartbeat node) =>
        HealthCheckResult.Unhealthy("This life of the node has ended; the process is about to.", data: Facts(node));

    /// <summary>Returns what a health check says of the node.</summary>
    public static Dictionary<string, object> Facts(NodeHeartbeat node) => new()
    {
        ["node"] = node.Node.Name,
        ["incarnation"] = node.Node.Incarnation.ToString(),
        ["phase"] = node.Phase.ToString(),
        ["running"] = node.Running,
    };
}
