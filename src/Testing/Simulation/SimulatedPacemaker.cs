using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Testing.Simulation;

/// <summary>A node's watch over the others: it reads their leases, ends the lives that are over, and sends its heartbeat.</summary>
/// <remarks>The plan, the guard, the sentences' execution and the incidents are the product's own.</remarks>
internal sealed class SimulatedPacemaker : IProcessProver
{
    private readonly SimulatedNode _node;
    private readonly SimulatedCluster _cluster;
    private readonly NodeDeaths _deaths;
    private readonly Dictionary<NodeIncarnation, KnownNode> _known = [];
    private bool _isLooking;
    private long _sequence;

    public SimulatedPacemaker(SimulatedNode node, SimulatedCluster cluster)
    {
        (_node, _cluster) = (node, cluster);
        var log = new IncidentLog(
            node.Remote, cluster.Services.Incidents, cluster.Services.IncidentInstruments, new LocalNode(node.Info), NullLogger<IncidentLog>.Instance);
        Incidents = new NodeIncidents(node.Remote, log);
        _deaths = new NodeDeaths(node.Remote, Incidents, this, new NoClusterEvents(), NullLogger<NodeDeaths>.Instance);
    }

    public NodeIncidents Incidents { get; }

    /// <summary>The nodes as the store showed them last.</summary>
    public IReadOnlyCollection<KnownNode> Known => _known.Values;

    /// <summary>When, in true time, the store was last asked to show them.</summary>
    public TimeSpan LookedAt { get; private set; }

    private NodeDetectionOptions Options => _cluster.Detection;

    public async Task LookAsync()
    {
        await _node.WaitAsync(Options.PacemakerInterval * _cluster.Random.NextDouble());
        while (true)
        {
            await LookNowAsync();
            await _node.WaitAsync(UntilNextLook());
        }
    }

    public async Task BeatAsync()
    {
        while (true)
        {
            if (_cluster.FindDetector() is { } detector)
            {
                var heartbeat = Describe();
                _cluster.Network.Send(_node.Machine, detector.Node.Machine, () => detector.Node.Receive(() => detector.Hear(heartbeat)));
            }

            await _node.WaitAsync(Options.HeartbeatInterval);
        }
    }

    /// <summary>Looks at once, because somebody has cause to; a look under way is look enough.</summary>
    public async Task LookNowAsync()
    {
        if (_isLooking)
        {
            return;
        }

        _isLooking = true;
        try
        {
            await LookOnceAsync();
        }
        catch (StoreException)
        {
            _cluster.Trace.Add("did not look", _node.Machine);
        }
        finally
        {
            _isLooking = false;
        }
    }

    /// <summary>What others can find out of a process: of half of the dead that they are.</summary>
    public Task<ProcessProof> ProveAsync(NodeInfo node, bool mayConnect, CancellationToken cancellationToken) =>
        Task.FromResult(ProofOf(node.Incarnation));

    private async Task LookOnceAsync()
    {
        await ReadAsync();
        var proofs = _cluster.ProvedGone.Where(_known.ContainsKey).ToDictionary(gone => gone, ProofOf);
        var now = _node.Now - _node.ClockError;
        var mayCondemn = _cluster.Options.MayCondemn(_node.Agent.Guard.MayCondemn(_node.Monotonic, _node.ClockSteps));
        var hasEnded = false;
        foreach (var sentence in DeathPlan.Decide(_known.Values, _node.Incarnation, proofs, mayCondemn, now).ToList())
        {
            if (await _deaths.EndAsync(sentence, default))
            {
                hasEnded = true;
                _cluster.Faults.NodesEnded++;
                _cluster.Trace.Add("declares dead", _node.Machine, detail: sentence.Node.Incarnation.Value);
            }
        }

        if (hasEnded)
        {
            await ReadAsync();
        }

        await _deaths.RecordMissingAsync(_known.Values, default);
    }

    private ProcessProof ProofOf(NodeIncarnation life) =>
        _cluster.IsProvedGone(life) ? new ProcessProof(ProcessFate.Gone, "Its process is gone.") : ProcessProof.None;

    private async Task ReadAsync()
    {
        LookedAt = _cluster.Timeline.Elapsed;
        var since = _node.Now - NodeQueries.EndedOfLate;
        var rows = await _node.AskAsync(store => store.ListCurrentNodesAsync(since, NodeQueries.MaxNodes, default));
        _known.Clear();
        foreach (var row in rows)
        {
            _known.Add(row.Incarnation, _cluster.Read(row));
        }
    }

    /// <summary>The next look is due at the very end of the next lease, if that comes before the interval is over.</summary>
    private TimeSpan UntilNextLook()
    {
        var (now, next) = (_node.Now - _node.ClockError, Options.PacemakerInterval);
        foreach (var node in _known.Values)
        {
            if (node.IsLiving && node.Incarnation != _node.Incarnation && node.Row.LeaseEnds > now && node.Row.LeaseEnds - now < next)
            {
                next = node.Row.LeaseEnds - now;
            }
        }

        return next;
    }

    private NodeHeartbeat Describe() => new()
    {
        Node = _node.Info,
        Sequence = ++_sequence,
        Phase = _node.Agent.Phase,
        Running = _node.Driver.Running,
        SlotLimit = _node.Agent.SlotLimit,
        Ended = _node.Driver.Ended,
    };
}
