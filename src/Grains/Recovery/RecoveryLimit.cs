using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Holds recoveries to their time: flags one that takes longer, once for the cluster, and says what becomes of it.</summary>
internal sealed partial class RecoveryLimit(
    IDurableStore store,
    NodeIncidents incidents,
    IncidentInstruments instruments,
    IClusterEvents events,
    IOptions<RecoveryOptions> options,
    ILogger<RecoveryLimit> logger)
{
    /// <summary>Flags the incident of a node whose recovery is not complete in time, if it is not flagged yet.</summary>
    /// <returns>The incident as it is now.</returns>
    public async Task<IncidentSnapshot> FlagIfOverdueAsync(IncidentSnapshot incident, CancellationToken cancellationToken)
    {
        var limit = options.Value.RecoveryTimeout;
        if (incident.OverdueAt is not null || incident.RecoveredAt is not null || incident.At + limit > store.Now)
        {
            return incident;
        }

        var isMine = false;
        var flagged = await incidents.UpdateAsync(
            incident.Incarnation,
            i =>
            {
                isMine = i.OverdueAt is null && i.RecoveredAt is null;
                return isMine ? incidents.Note(i with { OverdueAt = store.Now, Limit = limit }, $"flagged overdue: {options.Value.FollowUp}") : i;
            },
            cancellationToken);
        if (isMine && flagged is not null)
        {
            LogOverdue(flagged.Node, flagged.Incarnation, limit, options.Value.FollowUp);
            instruments.OnOverdue();
            events.OnRecoveryOverdue(flagged);
        }

        return flagged ?? incident;
    }

    /// <summary>Whether a node that died then should be recovered by now.</summary>
    public bool IsPast(DateTimeOffset? ended) => ended + options.Value.RecoveryTimeout <= store.Now;

    /// <summary>Returns why the attempts that are left to a recovery are to fail; null when they are to be recovered.</summary>
    public TaskFailure? VerdictOn(IncidentSnapshot incident) => incident.OverdueAt is { } overdue && options.Value.FollowUp == RecoveryFollowUp.FailRemaining
        ? new TaskFailure
        {
            Kind = FailureKind.RecoveryTimeout,
            Node = incident.Node,
            Message = $"Node {incident.Node} died at {incident.At:O} ({incident.Kind}), and its work was not recovered within " +
                $"{options.Value.RecoveryTimeout.TotalSeconds:0.###} s, by {overdue:O}. Recovery:FollowUp says that what is left is to fail.",
        }
        : null;

    [LoggerMessage(EventIds.RecoveryOverdue, LogLevel.Error, "ALERT: the work of node {Node}, life {Incarnation}, is not recovered after {Limit}. What follows: {FollowUp}. Look for the cause in the warnings of recovery (602) and of the store.")]
    private partial void LogOverdue(string? node, NodeIncarnation incarnation, TimeSpan limit, RecoveryFollowUp followUp);
}
