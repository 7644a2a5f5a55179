using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Remembers since when nodes were suspected, and writes that into their incidents once they are dead.</summary>
/// <remarks>
/// Any silo may record a death, and only the detector's knows of the suspicion. So it amends the incident afterwards. Where its
/// silo is lost, too, the times stay unknown: nothing depends on them.
/// </remarks>
internal sealed partial class SuspicionTimes(IDurableStore store, NodeDirectory nodes, NodeIncidents incidents, ILogger<SuspicionTimes> logger)
{
    /// <summary>From a death on for how long its incident is looked for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<NodeIncarnation, (DateTimeOffset Suspected, DateTimeOffset? Verified)> _times = [];
    private Task _amending = Task.CompletedTask;

    public void OnSuspected(NodeIncarnation node) => _times[node] = (store.Now, null);

    /// <summary>Nobody had an answer.</summary>
    public void OnUnanswered(NodeIncarnation node)
    {
        if (_times.TryGetValue(node, out var known) && known.Verified is null)
        {
            _times[node] = (known.Suspected, store.Now);
        }
    }

    public void OnAnswered(NodeIncarnation node) => _times.Remove(node);

    /// <summary>Amends the incidents of those that are dead, unless that is under way. Returns without waiting: a store that is away must not hold up the detector.</summary>
    public void AmendSoon()
    {
        if (_amending.IsCompleted && _times.Count > 0)
        {
            _amending = AmendAsync();
        }
    }

    internal async Task AmendAsync()
    {
        foreach (var (node, times) in _times.ToList())
        {
            var known = nodes.Find(node);
            if (known is not { IsLiving: true } && await IsAmendedAsync(node, known?.Row, times))
            {
                _times.Remove(node);
            }
        }
    }

    private async Task<bool> IsAmendedAsync(NodeIncarnation node, NodeRow? row, (DateTimeOffset Suspected, DateTimeOffset? Verified) times)
    {
        if (row is not { Phase: NodePhase.Dead })
        {
            return true; // it left in order, or was purged
        }

        try
        {
            var amended = await incidents.UpdateAsync(node, i => Amend(i, times), CancellationToken.None);
            return amended is not null || row.Ended + Patience <= store.Now;
        }
        catch (Exception exception)
        {
            LogNotAmended(exception, row.Name, node);
            return false;
        }
    }

    /// <summary>What came after the death has not led to it.</summary>
    private static IncidentSnapshot Amend(IncidentSnapshot incident, (DateTimeOffset Suspected, DateTimeOffset? Verified) times) =>
        incident.SuspectedAt is not null || times.Suspected > incident.At
            ? incident
            : incident with { SuspectedAt = times.Suspected, VerifiedAt = times.Verified <= incident.At ? times.Verified : null };

    [LoggerMessage(EventIds.IncidentNotAmended, LogLevel.Debug, "Node {Node}, life {Incarnation}: its incident could not be told since when it was suspected; it is tried again.")]
    private partial void LogNotAmended(Exception exception, string node, NodeIncarnation incarnation);
}
