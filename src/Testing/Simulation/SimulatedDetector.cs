using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Testing.Simulation;

/// <summary>The failure detector where it is active now: it suspects the silent, asks them and others, and accuses who fails what others can run.</summary>
/// <remarks>When its node dies it starts again elsewhere and remembers nothing.</remarks>
internal sealed class SimulatedDetector(SimulatedNode node, SimulatedCluster cluster)
{
    private readonly FailureDetector _detector = new(cluster.Detection);
    private readonly HashSet<NodeIncarnation> _verifying = [];
    private readonly Dictionary<NodeIncarnation, TallyWindow> _work = [];

    public SimulatedNode Node => node;

    private IEnumerable<KnownNode> Living => node.Pacemaker.Known.Where(known => known.IsLiving && known.Row.Phase != NodePhase.Joining);

    public void Hear(NodeHeartbeat heartbeat)
    {
        if (!_detector.Hear(heartbeat, node.Monotonic))
        {
            return;
        }

        var life = heartbeat.Node.Incarnation;
        if (!_work.TryGetValue(life, out var window))
        {
            _work.Add(life, window = new TallyWindow(cluster.Quarantine.Window));
        }

        window.Add(heartbeat, node.Monotonic);
    }

    public async Task CheckAsync()
    {
        while (cluster.Detector == this)
        {
            await node.WaitAsync(cluster.Detection.HeartbeatInterval / 2);
            _detector.Watch([.. Living.Select(known => known.Incarnation)], node.Monotonic);
            foreach (var suspicion in _detector.Check(node.Monotonic))
            {
                cluster.Faults.Suspicions++;
                cluster.Trace.Add("suspects", node.Machine, detail: suspicion.Node.Value);
            }

            foreach (var suspect in _detector.Suspects.Where(_verifying.Add).ToList())
            {
                node.Begin(() => VerifyAndForgetAsync(suspect));
            }

            Accuse();
        }
    }

    private async Task VerifyAndForgetAsync(NodeIncarnation suspect)
    {
        await VerifyAsync(suspect);
        _verifying.Remove(suspect);
    }

    private async Task VerifyAsync(NodeIncarnation suspect)
    {
        if (!await AnswersAsync(node, suspect))
        {
            // No verdict: only the lease, or proof, ends a life. But it may be time to look for that.
            await node.Pacemaker.LookNowAsync();
            var witnesses = Witnesses.Choose(suspect, Living, node.Incarnation, _detector.IsSuspected);
            var answers = await Task.WhenAll(witnesses.Select(witness => AnswersAsync(witness.Incarnation, suspect)));
            if (!answers.Contains(true))
            {
                return;
            }
        }

        if (_detector.Clear(suspect, node.Monotonic))
        {
            cluster.Trace.Add("takes back its suspicion", node.Machine, detail: suspect.Value);
        }
    }

    private Task<bool> AnswersAsync(SimulatedNode from, NodeIncarnation suspect) => cluster.Find(suspect) is { } process
        ? cluster.Network.CallAsync(from, process, () => true, cluster.Detection.VerificationTimeout)
        : Task.FromResult(false);

    /// <summary>Has a witness call the suspect.</summary>
    private Task<bool> AnswersAsync(NodeIncarnation witness, NodeIncarnation suspect)
    {
        var answered = new TaskCompletionSource<bool>();
        node.After(cluster.Detection.VerificationTimeout, () => answered.TrySetResult(false));
        if (cluster.Find(witness) is { } asked && cluster.Find(suspect) is { } process)
        {
            Send(node, asked, () => Send(asked, process, () => Send(process, asked, () => Send(asked, node, () => answered.TrySetResult(true)))));
        }

        return answered.Task;
    }

    private void Send(SimulatedNode from, SimulatedNode to, Action received) =>
        cluster.Network.Send(from.Machine, to.Machine, () => to.Receive(received));

    private void Accuse()
    {
        var living = Living.ToList();
        foreach (var gone in _work.Keys.Except(living.Select(known => known.Incarnation)).ToList())
        {
            _work.Remove(gone);
        }

        if (!cluster.Quarantine.IsAutomatic || living.Count < QuarantinePlan.LeastNodes)
        {
            return;
        }

        foreach (var accusation in QuarantinePlan.Decide([.. living.Select(WorkOf)], cluster.Quarantine))
        {
            var accused = living.Find(known => known.Incarnation == accusation.Node)!;
            cluster.Trace.Add("accuses", node.Machine, detail: accusation.Node.Value);
            cluster.Faults.Accusations++;
            node.Begin(() => OrderAsync(accused, accusation.Reason));
            _work.Remove(accusation.Node);
        }
    }

    private NodeWork WorkOf(KnownNode known)
    {
        var window = _work.GetValueOrDefault(known.Incarnation);
        return new NodeWork(
            known.Incarnation,
            TakesWork: known.Row.Phase == NodePhase.Alive,
            IsAccused: known.Row.Phase == NodePhase.Quarantined,
            window?.Ended() ?? new Dictionary<string, HandlerTally>(),
            window?.LeastPoolDelay,
            window?.LeastHungShare);
    }

    private async Task OrderAsync(KnownNode accused, string evidence)
    {
        try
        {
            await node.AskAsync(_ =>
            {
                var now = node.Now;
                var round = QuarantinePlan.RoundOf(cluster.Orders.Find(accused.Row.Name), now, cluster.Quarantine);
                cluster.Orders.Give(accused.Row.Name, new NodeOrder
                {
                    Kind = NodeOrderKind.Quarantine,
                    Incarnation = accused.Incarnation,
                    Reason = evidence,
                    IsAutomatic = true,
                    At = now,
                    EndsAt = now + QuarantinePlan.TimeOf(round, cluster.Quarantine),
                    Round = round,
                });
                return Task.FromResult(true);
            });
            cluster.TellOfOrder(node, accused.Incarnation);
        }
        catch (StoreException)
        {
            cluster.Trace.Add("could not order", node.Machine);
        }
    }
}
