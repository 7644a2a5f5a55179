using System.Globalization;
using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Finds attempts whose owner does not live, and recovers them.</summary>
/// <remarks>
/// A fence is in the task's row and in no other, so a node that was cut off may still claim after it was declared dead and
/// recovered. Such rows are found by their owner. They are counted in its incident before the first of them is moved, as recovery does it, and the
/// count says up to which claim it goes: cut off anywhere, what was counted is not counted again.
/// </remarks>
internal sealed partial class OrphanSweeper(
    IDurableStore store,
    NodeDirectory nodes,
    NodeIncidents incidents,
    OwnerRecovery recovery,
    MonotonicClock clock,
    IOptions<RecoveryOptions> options,
    ILogger<OrphanSweeper> logger) : IRecoverySweeper
{
    /// <summary>How the action begins that counts attempts; the newest claim among them follows, and how many they are.</summary>
    private const string Counted = "attempts that it claimed after its death, up to ";

    private readonly SweepRhythm _rhythm = new(clock, options.Value.OrphanSweepInterval);

    public RecoverySweep Sweep => RecoverySweep.Orphans;

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
        recovery.CancelReserved(); // until some are found that are still there
        if (!_rhythm.TryBegin())
        {
            return;
        }

        // Owners first and nodes afterwards: a node registers before it owns, so an owner that is not among them has been purged.
        var owners = await store.ListOwnersAsync(cancellationToken);
        var rows = (owners.Count == 0 ? [] : await store.ReadNodesAsync(owners, cancellationToken)).ToDictionary(row => row.Incarnation);
        foreach (var owner in owners)
        {
            var row = rows.GetValueOrDefault(owner);
            if ((row is null || IsOver(row))
                && !await TryRecoverAsync(owner, row is null ? null : nodes.Read([row]) is [var node] ? node : null, cancellationToken))
            {
                return; // the next step begins again with those that are left
            }
        }

        _rhythm.EndRound();
    }

    /// <summary>Whether nobody else takes care of a node's work: it has left, or is dead and was recovered.</summary>
    private static bool IsOver(NodeRow row) => row.Phase == NodePhase.Left || row.Recovered is not null;

    /// <summary>Recovers what an owner has, as far as the rate allows.</summary>
    /// <returns>Whether nothing of it is left.</returns>
    private async Task<bool> TryRecoverAsync(NodeIncarnation owner, KnownNode? node, CancellationToken cancellationToken)
    {
        if (!recovery.TryReserve())
        {
            return false;
        }

        var incident = await incidents.FindAsync(owner, cancellationToken);
        var lost = node is null
            ? new LostOwner(owner, owner.ToString(), OwnerFate.Lost, new HashSet<TaskId>())
            : RecoveryPlan.OwnerOf(node, incident?.Kind ?? FailureKind.NodeLost) with { Waiting = new HashSet<TaskId>() };
        var claims = await ListClaimsAsync(owner, cancellationToken);
        await incidents.UpdateAsync(owner, i => Count(i, claims), cancellationToken);
        var walk = await recovery.RecoverAsync(lost, cancellationToken);
        var moved = walk.Total;
        if (moved - claims.Count is > 0 and var more)
        {
            await incidents.UpdateAsync(owner, i => Add(i, more, $"attempts that it claimed while those were moved: {more}"), cancellationToken);
        }

        if (moved > 0)
        {
            LogRecovered(lost.Node, owner, moved);
        }

        return walk.IsOver;
    }

    /// <summary>Returns when each attempt of an owner was claimed.</summary>
    private async Task<IReadOnlyList<DateTimeOffset>> ListClaimsAsync(NodeIncarnation owner, CancellationToken cancellationToken)
    {
        var claims = new List<DateTimeOffset>();
        var query = new TaskQuery { Phase = TaskPhase.Running, Owner = owner, Limit = options.Value.BatchSize };
        IReadOnlyList<TaskRow> page;
        do
        {
            page = await store.ListAsync(query, cancellationToken);
            claims.AddRange(page.Select(row => row.Claimed ?? row.Created));
            query = query with { After = page.Count == 0 ? null : page[^1].Id };
        }
        while (page.Count == options.Value.BatchSize);
        return claims;
    }

    /// <summary>Counts the attempts that are not counted yet.</summary>
    private IncidentSnapshot Count(IncidentSnapshot incident, IReadOnlyList<DateTimeOffset> claims)
    {
        var last = incident.Actions.Max(action => CountedUpTo(action.What));
        var added = claims.Where(claim => last is null || claim > last).ToList();
        return added.Count == 0 ? incident : Add(incident, added.Count, $"{Counted}{added.Max():O}: {added.Count}");
    }

    private IncidentSnapshot Add(IncidentSnapshot incident, int attempts, string what) =>
        incidents.Note(incident with { AttemptsAffected = incident.AttemptsAffected + attempts }, what);

    private static DateTimeOffset? CountedUpTo(string what) =>
        what.StartsWith(Counted, StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(
            what.AsSpan()[Counted.Length..Math.Max(Counted.Length, what.LastIndexOf(':'))], "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var claim)
            ? claim
            : null;

    [LoggerMessage(EventIds.OrphansRecovered, LogLevel.Warning, "Node {Node}, life {Incarnation}, does not live and owned {Attempts} attempts: they are recovered.")]
    private partial void LogRecovered(string node, NodeIncarnation incarnation, int attempts);
}
