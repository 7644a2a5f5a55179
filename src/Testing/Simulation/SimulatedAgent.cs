using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Lives a node's life as the agent in a silo does: joins, keeps the lease, goes on in an outage that all share.</summary>
internal sealed partial class SimulatedAgent(SimulatedNode node, SimulatedCluster cluster)
{
    private readonly Lease _lease = new(cluster.Detection.LeaseLength);
    private readonly Lease _outage = new(cluster.Detection.LeaseLength);
    private readonly Dictionary<NodeIncarnation, NodeInfo> _newcomers = [];
    private NodeState _state = new(NodePhase.Joining);
    private long _renewal;

    public CondemnationGuard Guard { get; } = new(cluster.Detection.LeaseLength);

    public NodePhase Phase => _state.Phase;

    public bool HasJoined { get; private set; }

    private NodeDetectionOptions Options => cluster.Detection;

    /// <summary>Registers this life and begins to take work.</summary>
    public async Task JoinAsync()
    {
        var row = new NodeRow { Incarnation = node.Incarnation, Name = node.Machine, Phase = NodePhase.Joining, Info = Record() };
        while (true)
        {
            try
            {
                if (!await node.AskAsync(store => store.RegisterNodeAsync(row, Options.LeaseLength, default)))
                {
                    EndByOthers();
                    return;
                }

                // A registration that was repeated may have landed long ago: only a renewal tells from when the lease counts.
                Apply(new NodeActivated());
                HasJoined = true;
                cluster.Invariants.Lives.Serves(node.Incarnation);
                return;
            }
            catch (StoreException)
            {
                cluster.Trace.Add("did not join", node.Machine);
                await node.WaitAsync(Options.HeartbeatInterval);
            }
        }
    }

    public async Task RenewAsync()
    {
        while (!_hasLeft)
        {
            await RenewOnceAsync();
            await node.WaitAsync(Options.HeartbeatInterval / 2);
        }
    }

    /// <summary>Asks the peers, when the lease is about to end, whether they have lost the store as well.</summary>
    public async Task WatchOutageAsync()
    {
        var notice = Options.LeaseLength / 5;
        while (true)
        {
            await node.WaitAsync(Options.LeaseLength / 10);
            var asked = node.Monotonic;
            var mayRun = _lease.IsHeld(asked) || _outage.IsHeld(asked);
            if (!mayRun || _state.IsEnded || _lease.Remaining(asked) > notice)
            {
                continue;
            }

            var words = await Task.WhenAll(Peers().Select(peer => AskAsync(peer, notice)));
            if (OutagePlan.Decide(words, isOfOneMachine: false).MayGoOn && !_state.IsEnded && _lease.Remaining(node.Monotonic) <= notice)
            {
                _outage.Renew(asked);
                var ends = _outage.End!.Value;
                cluster.Faults.GoneOn++;
                cluster.Trace.Add("goes on without the store", node.Machine);
                cluster.Invariants.Lives.GoesOn(node.Incarnation, node.ToTrue(ends - node.Monotonic));
                node.Post(new OutageShared(ends));
            }
        }
    }

    /// <summary>Takes note of a life that has begun, of which the store may not tell in time.</summary>
    public void HearOf(NodeInfo newcomer) => _newcomers[newcomer.Incarnation] = newcomer;

    /// <summary>The lives that the node has to ask: those that the store showed it, and newer ones of which it was told.</summary>
    private List<PeerToAsk> Peers()
    {
        foreach (var known in node.Pacemaker.Known)
        {
            _newcomers.Remove(known.Incarnation);
        }

        var living = node.Pacemaker.Known.Where(known => known.IsLiving && known.Incarnation != node.Incarnation).Select(known => known.Info);
        return [.. living.Concat(_newcomers.Values).OrderBy(info => info.Incarnation).Select(info => new PeerToAsk(info.Name, info.Incarnation, cluster.Find(info.Incarnation)))];
    }

    private async Task<PeerWord> AskAsync(PeerToAsk peer, TimeSpan limit)
    {
        var word = peer.Process is { } process
            ? await cluster.Network.CallAsync<bool?>(node, process, () => process.Agent.Guard.IsCutOff(process.Monotonic), limit)
            : null;
        return new PeerWord(peer.Name, word switch
        {
            true => PeerStanding.LostStore,
            false => PeerStanding.ReachesStore,
            null => cluster.IsRefused(node, peer) ? PeerStanding.Gone : PeerStanding.Silent,
        });
    }

    private async Task RenewOnceAsync()
    {
        WatchReturn();
        var sent = node.Monotonic;
        try
        {
            var limit = Options.LeaseLength / 12;
            var renewal = new LeaseRenewal { Incarnation = node.Incarnation, Sequence = ++_renewal, Phase = Phase, Info = Record(), Lease = Options.LeaseLength };
            if (!await node.AskAsync(store => store.RenewLeaseAsync(renewal, default), limit))
            {
                EndByOthers();
                return;
            }
        }
        catch (StoreException)
        {
            cluster.Trace.Add("did not renew", node.Machine);
            cluster.Invariants.Lives.NotRenewed(node.Incarnation);
            return;
        }

        var now = node.Monotonic;
        _lease.Renew(cluster.Options.CountLeaseFrom(sent, now));
        if (_lease.IsHeld(now))
        {
            _outage.GiveUp();
            cluster.Invariants.Lives.GoesOn(node.Incarnation, TimeSpan.Zero);
            node.Post(new LeaseChanged(true, _lease.End));
        }

        Guard.Renewed(now);
    }

    /// <summary>Others have ended this life: whatever still runs here is void, and the process ends.</summary>
    private void EndByOthers()
    {
        if (!_isSayingSo)
        {
            cluster.Trace.Add("is fenced", node.Machine);
            Apply(new NodeDied());
            node.Crash();
        }
    }

    private byte[] Record() => cluster.Services.Records.SerializeToArray(new NodeRecord
    {
        Info = node.Info,
        Waiting = [.. node.Driver.Waiting.Take(NodeRecord.MaxWaiting)],
        IsHandingOver = _isHandingOver,
    });

    private bool Apply(NodeEvent happened)
    {
        var transition = NodeLifecycle.Apply(_state, happened);
        _state = transition.State;
        return transition.IsChange;
    }
}
