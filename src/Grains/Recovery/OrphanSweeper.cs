using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Finds attempts whose owner does not live, and recovers them.</summary>
/// <remarks>
/// A fence is in the task's row and in no other, so a node that was cut off may still claim after it was declared dead and
/// recovered. Such rows are found by their owner.
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
    private readonly SweepRhythm _rhythm = new(clock, options.Value.OrphanSweepInterval);

    public RecoverySweep Sweep => RecoverySweep.Orphans;

    public async Task StepAsync(DateTimeOffset? lastLoss, CancellationToken cancellationToken)
    {
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
            if (row is null || IsOver(row))
            {
                await RecoverAsync(owner, row is null ? null : nodes.Read([row]) is [var node] ? node : null, cancellationToken);
            }
        }

        _rhythm.EndRound();
    }

    /// <summary>Whether nobody else takes care of a node's work: it has left, or is dead and was recovered.</summary>
    private static bool IsOver(NodeRow row) => row.Phase == NodePhase.Left || row.Recovered is not null;

    private async Task RecoverAsync(NodeIncarnation owner, KnownNode? node, CancellationToken cancellationToken)
    {
        var incident = await incidents.FindAsync(owner, cancellationToken);
        var lost = node is null
            ? new LostOwner(owner, owner.ToString(), OwnerFate.Lost, new HashSet<TaskId>())
            : RecoveryPlan.OwnerOf(node, incident?.Kind ?? FailureKind.NodeLost) with { Waiting = new HashSet<TaskId>() };
        var count = await recovery.RecoverAsync(lost, cancellationToken);
        if (count > 0)
        {
            await incidents.UpdateAsync(owner, i => incidents.Note(i with { AttemptsAffected = i.AttemptsAffected + count }, $"attempts moved that it claimed after its death: {count}"), cancellationToken);
            LogRecovered(lost.Node, owner, count);
        }
    }

    [LoggerMessage(EventIds.OrphansRecovered, LogLevel.Warning, "Node {Node}, life {Incarnation}, does not live and owned {Attempts} attempts: they are recovered.")]
    private partial void LogRecovered(string node, NodeIncarnation incarnation, int attempts);
}
