using System.Globalization;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Turns heartbeats and silence into suspicion. Reads no clock and calls nobody: <c>now</c> is passed in.</summary>
/// <remarks>
/// <para>Its word is advice. It never says that a node is dead: the lease and the store do (<see cref="DeathPlan"/>).</para>
/// <para>A detector that has just started counts every silence from its own start, so that it suspects nobody whom it could
/// not have heard. A suspicion ends when the node answers a call, not when it is heard again: heartbeats may come from a node
/// whose executor hangs.</para>
/// </remarks>
internal sealed class FailureDetector(NodeDetectionOptions options)
{
    private readonly Dictionary<NodeIncarnation, Watched> _nodes = [];

    /// <summary>Gets the nodes that are suspected.</summary>
    public IEnumerable<NodeIncarnation> Suspects => _nodes.Where(pair => pair.Value.IsSuspected).Select(pair => pair.Key);

    /// <summary>From now on watches these nodes and no others.</summary>
    public void Watch(IReadOnlyCollection<NodeIncarnation> nodes, TimeSpan now)
    {
        foreach (var gone in _nodes.Keys.Except(nodes).ToList())
        {
            _nodes.Remove(gone);
        }

        foreach (var node in nodes)
        {
            Ensure(node, now);
        }
    }

    /// <summary>Takes a heartbeat.</summary>
    /// <returns>False for a repeat or one older than the newest, which changes nothing.</returns>
    public bool Hear(NodeHeartbeat heartbeat, TimeSpan now)
    {
        var node = Ensure(heartbeat.Node.Incarnation, now);
        if (heartbeat.Sequence <= node.Newest?.Sequence)
        {
            return false;
        }

        // The first interval is not one. One that ends a suspicion, or in which the listener was not well, says nothing of the
        // node's ordinary rhythm.
        if (node.Newest is not null && !node.IsSuspected && node.ForgivenAt <= node.LastHeard)
        {
            node.History.Add(now - node.LastHeard);
        }

        (node.Newest, node.LastHeard) = (heartbeat, now);
        return true;
    }

    /// <summary>Suspects a node because somebody else has cause to.</summary>
    /// <returns>Whether it is watched and was not suspected before.</returns>
    public bool Suspect(NodeIncarnation node) => _nodes.TryGetValue(node, out var watched) && watched.Take(new NodeSuspected());

    /// <summary>Takes it that a suspected node has answered a call.</summary>
    /// <returns>Whether it was suspected.</returns>
    public bool Clear(NodeIncarnation node, TimeSpan now)
    {
        if (!_nodes.TryGetValue(node, out var watched) || !watched.Take(new NodeVerified()))
        {
            return false;
        }

        watched.LastHeard = now;
        return true;
    }

    /// <summary>Suspects those nodes whose silence has become too long, and returns them.</summary>
    public IReadOnlyList<Suspicion> Check(TimeSpan now)
    {
        var found = new List<Suspicion>();
        foreach (var (node, watched) in _nodes.Where(pair => !pair.Value.IsSuspected))
        {
            if (FindReason(watched, now) is { } reason && watched.Take(new NodeSuspected()))
            {
                found.Add(new Suspicion(node, reason));
            }
        }

        return found;
    }

    /// <summary>Counts every silence anew from now: whoever listens was itself not well.</summary>
    /// <remarks>Who is suspected already stays so until it has answered a call.</remarks>
    public void Forgive(TimeSpan now)
    {
        foreach (var watched in _nodes.Values.Where(watched => !watched.IsSuspected))
        {
            watched.ForgivenAt = now;
        }
    }

    public bool IsSuspected(NodeIncarnation node) => _nodes.TryGetValue(node, out var watched) && watched.IsSuspected;

    /// <summary>Returns the newest heartbeat heard of a node; null when none was.</summary>
    public NodeHeartbeat? NewestOf(NodeIncarnation node) => _nodes.GetValueOrDefault(node)?.Newest;

    /// <summary>Returns how long nothing was heard of a node; null when nothing ever was.</summary>
    public TimeSpan? SilenceOf(NodeIncarnation node, TimeSpan now) =>
        _nodes.TryGetValue(node, out var watched) && watched.Newest is not null ? now - watched.LastHeard : null;

    /// <summary>Returns how unusual the present silence of a node is; 0 for one that is not watched.</summary>
    public double PhiOf(NodeIncarnation node, TimeSpan now) =>
        _nodes.TryGetValue(node, out var watched) ? watched.History.Phi(watched.SilenceAt(now)) : 0;

    private string? FindReason(Watched watched, TimeSpan now)
    {
        var silence = watched.SilenceAt(now);
        if (options.Policy == DetectionPolicy.Fixed)
        {
            return silence < options.FixedThreshold
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"Silent for {silence.TotalSeconds:F1} s; the limit is {options.FixedThreshold.TotalSeconds:F1} s.");
        }

        var phi = watched.History.Phi(silence);
        return phi < options.PhiThreshold
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"Silent for {silence.TotalSeconds:F1} s, heard every {watched.History.Mean:F1} s before: phi has passed {options.PhiThreshold:F1}.");
    }

    private Watched Ensure(NodeIncarnation node, TimeSpan now)
    {
        if (!_nodes.TryGetValue(node, out var watched))
        {
            var history = new HeartbeatHistory(options.PhiWindow, options.MinDeviation, options.AcceptablePause);
            history.Expect(options.HeartbeatInterval);
            watched = new Watched(history) { LastHeard = now };
            _nodes.Add(node, watched);
        }

        return watched;
    }

    private sealed class Watched(HeartbeatHistory history)
    {
        /// <summary>What the detector thinks of this life. Only one that has joined is watched; where it is since then, its row says.</summary>
        private NodeState _state = new(NodePhase.Alive);

        public HeartbeatHistory History => history;

        public TimeSpan LastHeard { get; set; }

        public NodeHeartbeat? Newest { get; set; }

        /// <summary>From when on a silence counts, if that is later than the newest heartbeat.</summary>
        public TimeSpan ForgivenAt { get; set; }

        public bool IsSuspected => _state.IsSuspected;

        public TimeSpan SilenceAt(TimeSpan now) => now - (ForgivenAt > LastHeard ? ForgivenAt : LastHeard);

        /// <returns>Whether it changed what is thought of the node.</returns>
        public bool Take(NodeEvent happened)
        {
            var transition = NodeLifecycle.Apply(_state, happened);
            _state = transition.State;
            return transition.IsChange;
        }
    }
}
