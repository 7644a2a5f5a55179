using System.Diagnostics;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Recovers one dead node: its attempts first, then its incident, and last the mark on its row that says so.</summary>
/// <remarks>
/// It goes by turns of one batch each, so that other dead nodes have their turns between. Cut off anywhere, it is done again
/// from the start; each step finds done what is done.
/// </remarks>
internal sealed partial class NodeRecovery(
    IDurableStore store,
    NodeIncidents incidents,
    OwnerRecovery owners,
    RecoveryLimit limit,
    IncidentInstruments instruments,
    IClusterEvents events,
    ILogger<NodeRecovery> logger)
{
    /// <summary>Gets whether the rate grants another turn now.</summary>
    public bool MayTakeTurn => owners.MayTakeTurn;

    /// <summary>Begins the recovery of a node, or goes on with it.</summary>
    /// <returns>Null when its incident is not recorded yet: what killed it decides what its attempts cost, so that is waited for.</returns>
    public async Task<NodeTurns?> BeginAsync(KnownNode node, CancellationToken cancellationToken)
    {
        if (await incidents.FindAsync(node.Incarnation, cancellationToken) is not { } incident)
        {
            return null;
        }

        incident = await RecordBeginningAsync(node, incident, cancellationToken);
        var former = Activity.Current;
        var trace = RecoveryTraces.Start(incident);
        Activity.Current = former; // turns of other nodes come between
        return new NodeTurns(node, incident, OwnerWalk.Start, trace);
    }

    /// <summary>Recovers the next batch, or what the rate grants of it.</summary>
    /// <returns>The rest; null when the node is recovered.</returns>
    public async Task<NodeTurns?> TakeTurnAsync(NodeTurns turns, CancellationToken cancellationToken)
    {
        var incident = await limit.FlagIfOverdueAsync(turns.Incident, cancellationToken);
        var owner = RecoveryPlan.OwnerOf(turns.Node, incident.Kind) with { Verdict = limit.VerdictOn(incident) };
        var walk = await owners.TakePageAsync(owner, turns.Walk, cancellationToken);
        if (!walk.IsOver)
        {
            return turns with { Incident = incident, Walk = walk };
        }

        await CompleteAsync(turns.Node, incident, walk.Total, cancellationToken);
        turns.Dispose();
        return null;
    }

    private async Task CompleteAsync(KnownNode node, IncidentSnapshot incident, int moved, CancellationToken cancellationToken)
    {
        var completed = await incidents.UpdateAsync(
            node.Incarnation,
            i => i.RecoveredAt is null ? incidents.Note(i with { RecoveredAt = store.Now }, $"attempts moved: {moved}") : i,
            cancellationToken);
        if (await store.MarkRecoveredAsync(node.Incarnation, cancellationToken))
        {
            completed ??= incident;
            LogCompleted(node.Row.Name, node.Incarnation, completed.AttemptsAffected);
            instruments.OnRecovered(store.Now - completed.At);
            events.OnRecoveryCompleted(completed);
        }
    }

    /// <summary>Records the beginning and what is affected, before the first attempt is moved: counted afterwards, what a cut moved would be missing.</summary>
    private async Task<IncidentSnapshot> RecordBeginningAsync(KnownNode node, IncidentSnapshot incident, CancellationToken cancellationToken)
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
