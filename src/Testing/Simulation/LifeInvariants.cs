using FaultTolerance.Storage.Clocks;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Simulation;

/// <summary>What must hold of the lives of nodes: leases, deaths and their incidents. Told by the store itself and by the chaos, in true time.</summary>
/// <param name="timeline">True time.</param>
/// <param name="violate">Takes the first breach.</param>
/// <param name="cutOffUntil">Until when a machine could not reach the store.</param>
/// <param name="options">The run.</param>
internal sealed class LifeInvariants(Timeline timeline, Action<string> violate, Func<string, TimeSpan> cutOffUntil, SimulationOptions options)
{
    private readonly Dictionary<NodeIncarnation, Life> _lives = [];
    private readonly HashSet<NodeIncarnation> _dead = [];
    private readonly HashSet<NodeIncarnation> _incidents = [];

    /// <summary>How far apart two clocks run within a lease, and a moment for a process to take a turn.</summary>
    private readonly TimeSpan _slack = (options.Detection.LeaseLength * 2 * options.ClockDrift) + TimeSpan.FromMilliseconds(1);

    /// <summary>Less than this may be no step for who reads the clock: <see cref="StoreAnchor.LeastStep"/>, and half the round trips of two slow readings.</summary>
    private static readonly TimeSpan SmallStep = StoreAnchor.LeastStep + TimeSpan.FromMilliseconds(400);

    private TimeSpan _clockSetAt = TimeSpan.MinValue;

    /// <summary>Times in rows have no fraction of it.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMicroseconds(1);

    /// <summary>How many lives were declared dead.</summary>
    public int Deaths => _dead.Count;

    /// <summary>Whether each death has its incident.</summary>
    public bool IsAtRest => _dead.Count == _incidents.Count;

    public void Joined(SimulatedNode process) => _lives.Add(process.Incarnation, new Life(process));

    /// <summary>A node has heard that it has joined: from now on it renews its lease.</summary>
    public void Serves(NodeIncarnation node) => _lives[node].ServesFrom = timeline.Elapsed;

    /// <summary>The store has committed a renewal.</summary>
    public void Renewed(NodeIncarnation node)
    {
        if (!_lives.TryGetValue(node, out var life))
        {
            return;
        }

        (life.LeaseEnds, life.EndsEarlyBy) = (timeline.Elapsed + options.Detection.LeaseLength, TimeSpan.Zero);
        if (!life.IsWatched)
        {
            life.IsWatched = true;
            WatchEnd(life);
        }
    }

    /// <summary>The clock of the store's machine is set.</summary>
    /// <remarks>A small step is not told from slow answers: it takes what there is of every lease with it. See the failure model.</remarks>
    public void ClockSet(TimeSpan step)
    {
        _clockSetAt = timeline.Elapsed;
        if (step > TimeSpan.Zero && step < SmallStep)
        {
            foreach (var life in _lives.Values)
            {
                life.EndsEarlyBy += step;
            }
        }
    }

    /// <summary>A call that is to end a life has reached the store.</summary>
    /// <param name="node">The life.</param>
    /// <param name="looked">When whoever calls had asked the store for the leases.</param>
    public void EndAsked(NodeIncarnation node, TimeSpan looked) => _lives[node].JudgedAt = looked;

    /// <summary>Nobody is dead who could not help it: only a lease that has truly ended, or a process that is gone, ends a life.</summary>
    public void Ended(NodeEnd end)
    {
        var life = _lives[end.Incarnation];
        var (leaseEnds, isUp) = (life.LeaseEnds - life.EndsEarlyBy, life.Process.IsUp);
        (life.LeaseEnds, life.HasEnded) = (TimeSpan.Zero, true);
        if (end.Phase != NodePhase.Dead)
        {
            return;
        }

        _dead.Add(end.Incarnation);
        if (life.JudgedAt <= _clockSetAt)
        {
            // A look across a step compares leases in two times, and so does the store: nobody could know. See the failure model.
            return;
        }

        if (end.IsProvedGone ? isUp : timeline.Elapsed < leaseEnds - Rounding)
        {
            violate($"{Name(life)} was declared dead although {(end.IsProvedGone ? "its process runs" : "its lease has not ended")}.");
        }

        // One that has not heard of its joining for a whole lease, since the answer was lost, could renew nothing.
        var couldRenew = isUp && life.ServesFrom <= timeline.Elapsed - options.Detection.LeaseLength;
        var since = timeline.Elapsed - options.Detection.LeaseLength - options.Detection.HeartbeatInterval;
        if (couldRenew && cutOffUntil(life.Process.Machine) < since && life.Failures(since) <= 1 && life.PausedSince(since, timeline.Elapsed) <= options.TolerablePause)
        {
            violate($"{Name(life)} was declared dead although it was never paused for longer than {options.TolerablePause} and could reach the store: a false death.");
        }
    }

    /// <summary>A death is recorded once, and nothing else is.</summary>
    public void IncidentAdded(string key)
    {
        var life = NodeIncarnation.Parse(key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        if (!_dead.Contains(life))
        {
            violate($"An incident was recorded of life {life}, which is not dead.");
        }

        if (!_incidents.Add(life))
        {
            violate($"The death of life {life} was recorded twice.");
        }
    }

    public void Paused(NodeIncarnation node) => _lives[node].Pauses.Add((timeline.Elapsed, TimeSpan.MaxValue));

    public void Resumed(NodeIncarnation node)
    {
        var pauses = _lives[node].Pauses;
        pauses[^1] = (pauses[^1].From, timeline.Elapsed);
    }

    public void NotRenewed(NodeIncarnation node) => _lives[node].FailedRenewals.Add(timeline.Elapsed);

    /// <summary>A node has heard that nobody can take over, and goes on for a time.</summary>
    public void GoesOn(NodeIncarnation node, TimeSpan time) => _lives[node].GoesOnUntil = timeline.Elapsed + time;

    /// <summary>Whether the store has recorded the end of a life.</summary>
    public bool HasEnded(NodeIncarnation node) => _lives[node].HasEnded;

    /// <summary>Whether a node may still let run what it runs: it holds its lease, or all have lost the store.</summary>
    public bool MayRun(NodeIncarnation node) => _lives.TryGetValue(node, out var life)
        && (timeline.Elapsed < life.LeaseEnds + _slack || timeline.Elapsed < life.GoesOnUntil + _slack);

    /// <summary>Whether nobody may start what a node runs.</summary>
    public bool IsProtected(NodeIncarnation node) => _lives.TryGetValue(node, out var life)
        && (timeline.Elapsed < life.LeaseEnds - life.EndsEarlyBy - _slack || timeline.Elapsed < life.GoesOnUntil - _slack);

    /// <summary>At rest each death has its incident, and nothing is left in a process.</summary>
    public void CameToRest(IEnumerable<SimulatedNode> processes)
    {
        foreach (var life in _dead.Where(life => !_incidents.Contains(life)))
        {
            violate($"The death of life {life} was never recorded.");
        }

        foreach (var process in processes.Where(process => !process.Driver.IsEmpty))
        {
            violate($"{Name(_lives[process.Incarnation])} holds on to something although everything has ended: {process.Driver.Describe()}.");
        }
    }

    private static string Name(Life life) => $"Node {life.Process.Machine}, life {life.Process.Incarnation},";

    /// <summary>At the end of a lease what runs must be told to stop, whether the node takes a turn by itself or not.</summary>
    private void WatchEnd(Life life) => timeline.After(life.LeaseEnds + _slack - timeline.Elapsed, () =>
    {
        if (life.LeaseEnds + _slack > timeline.Elapsed)
        {
            WatchEnd(life);
            return;
        }

        life.IsWatched = false;
        var wasPaused = life.PausedSince(timeline.Elapsed - _slack, timeline.Elapsed) > TimeSpan.Zero;
        if (life.Process.IsUp && !wasPaused && !MayRun(life.Process.Incarnation) && life.Process.Driver.FindUnstopped() is { } task)
        {
            violate($"{Name(life)} lets task {task} run on although its lease has ended.");
        }
    });

    private sealed class Life(SimulatedNode process)
    {
        public SimulatedNode Process => process;

        public TimeSpan LeaseEnds { get; set; }

        /// <summary>By how much the store, whose clock was set forward a little, ends the lease before its node does.</summary>
        public TimeSpan EndsEarlyBy { get; set; }

        public TimeSpan GoesOnUntil { get; set; }

        public TimeSpan JudgedAt { get; set; }

        public TimeSpan ServesFrom { get; set; } = TimeSpan.MaxValue;

        public bool HasEnded { get; set; }

        public bool IsWatched { get; set; }

        public List<(TimeSpan From, TimeSpan To)> Pauses { get; } = [];

        public List<TimeSpan> FailedRenewals { get; } = [];

        public int Failures(TimeSpan since) => FailedRenewals.Count(at => at >= since);

        public TimeSpan PausedSince(TimeSpan since, TimeSpan now)
        {
            var total = TimeSpan.Zero;
            foreach (var (from, to) in Pauses)
            {
                var (begin, end) = (from > since ? from : since, to < now ? to : now);
                total += end > begin ? end - begin : TimeSpan.Zero;
            }

            return total;
        }
    }
}
