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

        using var activity = RecoveryTraces.Start(incident);
        incident = await BeginAsync(node, incident, cancellationToken);
        await owners.RecoverAsync(RecoveryPlan.OwnerOf(node, incident.Kind), cancellationToken);
        var completed = await incidents.UpdateAsync(node.Incarnation, i => i with { RecoveredAt = i.RecoveredAt ?? store.Now }, cancellationToken);
        if (await store.MarkRecoveredAsync(node.Incarnation, cancellationToken))
        {
            completed ??= incident;
            LogCompleted(node.Row.Name, node.Incarnation, completed.AttemptsAffected);
            events.OnRecoveryCompleted(completed);
        }

        return true;
    }

    /// <summary>Records the beginning and what is affected, before the first attempt is moved: counted afterwards, what a cut moved would be missing.</summary>
    private async Task<IncidentSnapshot> BeginAsync(KnownNode node, IncidentSnapshot incident, CancellationToken cancellationToken)
    {
        if (incident.RecoveryStartedAt is not null)
        {
            return incident;
        }

        var owned = await owners.CountAsync(node.Incarnation, cancellationToken);
        var begun = await incidents.UpdateAsync(
            node.Incarnation,
            i => i.RecoveryStartedAt is null ? i with { RecoveryStartedAt = store.Now, AttemptsAffected = i.AttemptsAffected + owned } : i,
            cancellationToken) ?? incident;
        LogStarted(node.Row.Name, node.Incarnation, begun.Kind, owned);
        events.OnRecoveryStarted(begun);
        return begun;
    }

    [LoggerMessage(EventIds.RecoveryStarted, LogLevel.Information, "Node {Node}, life {Incarnation}, is dead ({Kind}): its {Attempts} attempts are being recovered.")]
    private partial void LogStarted(string node, NodeIncarnation incarnation, FailureKind kind, int attempts);

    [LoggerMessage(EventIds.RecoveryCompleted, LogLevel.Information, "Node {Node}, life {Incarnation}: its work is recovered, {Attempts} attempts.")]
    private partial void LogCompleted(string node, NodeIncarnation incarnation, int attempts);
}
