using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Remembers what the nodes' heartbeats say of their work, and orders those into quarantine that fail what others can run.</summary>
/// <remarks>One for each activation of the detector, which calls it one call at a time. What it remembers may be lost: then it takes a window's time to know again.</remarks>
internal sealed partial class NodeAccuser(IDurableStore store, NodeDirectory nodes, NodeOrders orders, IOptions<QuarantineOptions> options, ILogger<NodeAccuser> logger)
{
    /// <summary>How long an order may take to be seen in the node's row. Until then the node counts as one in quarantine.</summary>
    private static readonly TimeSpan OrderTime = TimeSpan.FromSeconds(30);

    private readonly Dictionary<NodeIncarnation, TallyWindow> _work = [];
    private readonly Dictionary<NodeIncarnation, TimeSpan> _accused = [];

    public void Hear(NodeHeartbeat heartbeat, TimeSpan now)
    {
        if (!_work.TryGetValue(heartbeat.Node.Incarnation, out var window))
        {
            _work.Add(heartbeat.Node.Incarnation, window = new TallyWindow(options.Value.Window));
        }

        window.Add(heartbeat, now);
    }

    /// <summary>Compares the nodes, and orders into quarantine whom the comparison accuses.</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AccuseAsync(TimeSpan now, CancellationToken cancellationToken)
    {
        var living = nodes.Living.Where(node => node.Row.Phase != NodePhase.Joining).ToList();
        foreach (var gone in _work.Keys.Except(living.Select(node => node.Incarnation)).ToList())
        {
            _work.Remove(gone);
        }

        foreach (var seen in _accused.Where(pair => now - pair.Value > OrderTime || nodes.Find(pair.Key) is not { Row.Phase: NodePhase.Alive }).ToList())
        {
            _accused.Remove(seen.Key);
            _work.Remove(seen.Key); // what it did before says nothing of what it does when it is let back
        }

        if (!options.Value.IsAutomatic || living.Count < QuarantinePlan.LeastNodes)
        {
            return;
        }

        // Whoever is in quarantine counts, also by an operator's word: what is left has to carry the load.
        foreach (var accusation in QuarantinePlan.Decide([.. living.Select(WorkOf)], options.Value))
        {
            await AccuseAsync(nodes.Find(accusation.Node)!, accusation.Reason, now, cancellationToken);
        }
    }

    private NodeWork WorkOf(KnownNode node)
    {
        var window = _work.GetValueOrDefault(node.Incarnation);
        return new NodeWork(
            node.Incarnation,
            TakesWork: node.Row.Phase == NodePhase.Alive && !_accused.ContainsKey(node.Incarnation),
            IsAccused: node.Row.Phase == NodePhase.Quarantined || _accused.ContainsKey(node.Incarnation),
            window?.Ended() ?? new Dictionary<string, HandlerTally>(),
            window?.LeastPoolDelay,
            window?.LeastHungShare);
    }

    private async Task AccuseAsync(KnownNode node, string evidence, TimeSpan now, CancellationToken cancellationToken)
    {
        _accused[node.Incarnation] = now;
        try
        {
            var order = await orders.GiveAsync(node.Info, standing => OrderFor(node, standing, evidence), cancellationToken);
            if (order.IsAutomatic)
            {
                LogAccused(node.Row.Name, node.Incarnation, order.EndsAt, evidence);
            }
        }
        catch (Exception exception)
        {
            _accused.Remove(node.Incarnation);
            LogNotAccused(exception, node.Row.Name, node.Incarnation, evidence);
        }
    }

    private NodeOrder OrderFor(KnownNode node, NodeOrder? standing, string evidence)
    {
        var now = store.Now;
        var round = QuarantinePlan.RoundOf(standing, now, options.Value);
        return new NodeOrder
        {
            Kind = NodeOrderKind.Quarantine,
            Incarnation = node.Incarnation,
            Reason = evidence,
            IsAutomatic = true,
            At = now,
            EndsAt = now + QuarantinePlan.TimeOf(round, options.Value),
            Round = round,
        };
    }

    [LoggerMessage(EventIds.NodeAccused, LogLevel.Warning, "Node {Node}, life {Incarnation}, fails what others can run and is quarantined until {Until}: {Evidence}")]
    private partial void LogAccused(string node, NodeIncarnation incarnation, DateTimeOffset? until, string evidence);

    [LoggerMessage(EventIds.NodeNotAccused, LogLevel.Warning, "Node {Node}, life {Incarnation}, fails what others can run, and could not be quarantined now; it is tried again: {Evidence}")]
    private partial void LogNotAccused(Exception exception, string node, NodeIncarnation incarnation, string evidence);
}
