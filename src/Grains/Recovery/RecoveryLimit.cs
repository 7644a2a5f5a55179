using System.Collections.Concurrent;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Holds recoveries to their time: flags one that takes longer, once for the cluster, and says what becomes of it.</summary>
/// <remarks>
/// The flag is written first, then it is told, and then the incident's action says that it was. Whoever finds a flag without that action
/// tells it: the one that wrote it may be gone, or may not know that it did. So an alert may come twice, from two silos, and is never lost.
/// </remarks>
internal sealed partial class RecoveryLimit(
    IDurableStore store,
    NodeIncidents incidents,
    IncidentInstruments instruments,
    IClusterEvents events,
    IOptions<RecoveryOptions> options,
    ILogger<RecoveryLimit> logger)
{
    /// <summary>How the action begins that says that it was told.</summary>
    private const string Flagged = "flagged overdue";

    /// <summary>What this silo has told and could not record as told, so that it tells it once however long that fails.</summary>
    private readonly ConcurrentDictionary<NodeIncarnation, bool> _told = new();

    /// <summary>Flags the incident of a node whose recovery is not complete in time, if it is not flagged yet, and tells it, if nobody has.</summary>
    /// <returns>The incident as it is now.</returns>
    public async Task<IncidentSnapshot> FlagIfOverdueAsync(IncidentSnapshot incident, CancellationToken cancellationToken)
    {
        var limit = options.Value.RecoveryTimeout;
        if (incident.RecoveredAt is not null || IsTold(incident) || (incident.OverdueAt is null && incident.At + limit > store.Now))
        {
            return incident;
        }

        var flagged = await incidents.UpdateAsync(
            incident.Incarnation, i => i.OverdueAt is null && i.RecoveredAt is null ? i with { OverdueAt = store.Now, Limit = limit } : i, cancellationToken);
        if (flagged?.OverdueAt is null || IsTold(flagged))
        {
            return flagged ?? incident;
        }

        if (_told.TryAdd(flagged.Incarnation, true))
        {
            Tell(flagged);
        }

        var told = await incidents.UpdateAsync(
            incident.Incarnation, i => IsTold(i) ? i : incidents.Note(i, $"{Flagged}: {options.Value.FollowUp}"), cancellationToken);
        _told.TryRemove(incident.Incarnation, out _);
        return told ?? flagged;
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

    private static bool IsTold(IncidentSnapshot incident) => incident.Actions.Any(action => action.What.StartsWith(Flagged, StringComparison.Ordinal));

    private void Tell(IncidentSnapshot flagged)
    {
        LogOverdue(flagged.Node, flagged.Incarnation, flagged.Limit ?? options.Value.RecoveryTimeout, options.Value.FollowUp);
        instruments.OnOverdue();
        events.OnRecoveryOverdue(flagged);
    }

    [LoggerMessage(EventIds.RecoveryOverdue, LogLevel.Error, "ALERT: the work of node {Node}, life {Incarnation}, is not recovered after {Limit}. What follows: {FollowUp}. Look for the cause in the warnings of recovery (602) and of the store.")]
    private partial void LogOverdue(string? node, NodeIncarnation incarnation, TimeSpan limit, RecoveryFollowUp followUp);
}
