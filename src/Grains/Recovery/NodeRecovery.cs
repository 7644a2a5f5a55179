using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Recovers one dead node: its attempts first, then its incident, and last the mark on its row that says so.</summary>
/// <remarks>Cut off anywhere, it is done again from the start; each step finds done what is done.</remarks>
internal sealed partial class NodeRecovery(
    IDurableStore store, NodeIncidents incidents, OwnerRecovery owners, IClusterEvents events, ILogger<NodeRecovery> logger)
{
    /// <summary>Recovers a node whose row says that it is dead.</summary>
    /// <returns>False when its incident is not recorded yet: what killed it decides what its attempts cost, so that is waited for.</returns>
    public async Task<bool> RecoverAsync(KnownNode node, CancellationToken cancellationToken)
    {
        if (await incidents.FindAsync(node.Incarnation, cancellationToken) is not { } incident)
        {
            return false;
        }

        LogStarted(node.Row.Name, node.Incarnation, incident.Kind);
        events.OnRecoveryStarted(incident);
        await owners.RecoverAsync(
            RecoveryPlan.OwnerOf(node, incident.Kind),
            (count, token) => incidents.UpdateAsync(node.Incarnation, i => i with { AttemptsAffected = i.AttemptsAffected + count }, token),
            cancellationToken);
        var completed = await incidents.UpdateAsync(node.Incarnation, i => i with { RecoveredAt = i.RecoveredAt ?? store.Now }, cancellationToken);
        if (await store.MarkRecoveredAsync(node.Incarnation, cancellationToken))
        {
            completed ??= incident;
            LogCompleted(node.Row.Name, node.Incarnation, completed.AttemptsAffected);
            events.OnRecoveryCompleted(completed);
        }

        return true;
    }

    [LoggerMessage(EventIds.RecoveryStarted, LogLevel.Information, "Node {Node}, life {Incarnation}, is dead ({Kind}): its work is being recovered.")]
    private partial void LogStarted(string node, NodeIncarnation incarnation, FailureKind kind);

    [LoggerMessage(EventIds.RecoveryCompleted, LogLevel.Information, "Node {Node}, life {Incarnation}: its work is recovered, {Attempts} attempts.")]
    private partial void LogCompleted(string node, NodeIncarnation incarnation, int attempts);
}
