using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.FailureDetection;

/// <inheritdoc cref="IFailureDetectorGrain"/>
[GrainType("failuredetector")]
internal sealed partial class FailureDetectorGrain(
    IDurableStore store,
    NodeDirectory nodes,
    LocalNode self,
    INodeVerifier verifier,
    NodeAccuser accuser,
    NodeOrders orders,
    NodeHealth health,
    IPacemaker pacemaker,
    SuspicionTimes times,
    IClusterEvents events,
    MonotonicClock clock,
    IOptions<NodeDetectionOptions> options,
    ILogger<FailureDetectorGrain> logger) : Grain, IFailureDetectorGrain
{
    /// <summary>The highest level that is shown. A long silence has an endless one, which not every reader can read.</summary>
    private const double MaxPhi = 1_000;

    private readonly FailureDetector _detector = new(options.Value);
    private readonly HashSet<NodeIncarnation> _verifying = [];
    private IGrainTimer? _checks;

    /// <summary>Gets the comparison of the nodes that is under way, or was last.</summary>
    internal Task Accusing { get; private set; } = Task.CompletedTask;

    private TimeSpan CheckInterval =>
        options.Value.Policy == DetectionPolicy.Fixed ? options.Value.FixedCheckInterval : options.Value.HeartbeatInterval / 2;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _checks = this.RegisterGrainTimer(CheckAsync, new GrainTimerCreationOptions(CheckInterval, CheckInterval));
        return Task.CompletedTask;
    }

    public Task HeartbeatAsync(NodeHeartbeat heartbeat)
    {
        if (_detector.Hear(heartbeat, clock.Now))
        {
            accuser.Hear(heartbeat, clock.Now);
        }

        return Task.CompletedTask;
    }

    public Task SuspectAsync(NodeIncarnation node, string reason)
    {
        if (_detector.Suspect(node))
        {
            TellSuspected(new Suspicion(node, reason));
            _checks?.Change(TimeSpan.Zero, CheckInterval); // whoever tells us need not wait for the answer
        }

        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<NodeSnapshot>> GetNodesAsync()
    {
        var rows = await store.ListNodesAsync(NodeQueries.MaxShown, CancellationToken.None);
        return await Task.WhenAll(nodes.Read(rows).Select(ShowAsync));
    }

    /// <summary>Looks for silent nodes, and asks all that are suspected whether they work. Does not wait for their answers: one that gives none must not hold up the next check.</summary>
    internal Task CheckAsync(CancellationToken cancellationToken)
    {
        // A node that is joining sends no heartbeats yet.
        _detector.Watch([.. nodes.Living.Where(node => node.Row.Phase != NodePhase.Joining).Select(node => node.Incarnation)], clock.Now);
        if (health.IsSick)
        {
            // What was not heard here says nothing of the others: this node may just not have listened.
            _detector.Forgive(clock.Now);
        }

        foreach (var suspicion in _detector.Check(clock.Now))
        {
            TellSuspected(suspicion);
        }

        foreach (var suspect in _detector.Suspects.Where(_verifying.Add).ToList())
        {
            VerifyAndForgetAsync(suspect).Ignore();
        }

        times.AmendSoon();
        AccuseSoon();
        return Task.CompletedTask;
    }

    private async Task VerifyAndForgetAsync(NodeIncarnation suspect)
    {
        try
        {
            await VerifyAsync(suspect);
        }
        finally
        {
            _verifying.Remove(suspect);
        }
    }

    /// <summary>Compares the nodes, unless the comparison before is still at it: a store that is away must not hold up the next check.</summary>
    private void AccuseSoon()
    {
        if (Accusing.IsCompleted)
        {
            Accusing = accuser.AccuseAsync(clock.Now, CancellationToken.None);
            Accusing.Ignore(); // it tells its own failures
        }
    }

    private async Task<NodeSnapshot> ShowAsync(KnownNode node) => NodeSnapshots.Of(
        node,
        store.Now,
        _detector.IsSuspected(node.Incarnation),
        _detector.NewestOf(node.Incarnation),
        _detector.SilenceOf(node.Incarnation, clock.Now)) with
    {
        Troubles = _detector.NewestOf(node.Incarnation) is { } heartbeat && node.IsLiving ? FailureDetection.Troubles.In(heartbeat, options.Value) : [],
        Phi = _detector.NewestOf(node.Incarnation) is null ? 0 : Math.Min(MaxPhi, Math.Round(_detector.PhiOf(node.Incarnation, clock.Now), 2)),
        Order = await orders.FindForAsync(node, CancellationToken.None),
    };

    private async Task VerifyAsync(NodeIncarnation incarnation)
    {
        if (nodes.Find(incarnation) is not { } node)
        {
            return;
        }

        if (!await verifier.AnswersAsync(node.Info))
        {
            // No verdict: only the lease, or proof, ends a life. But it may be time to look for that.
            pacemaker.LookNow();
            if (!await AnswersOthersAsync(node))
            {
                if (!health.IsSick)
                {
                    times.OnUnanswered(incarnation); // what a sick node did not hear is no verdict
                }

                return;
            }
        }

        if (_detector.Clear(incarnation, clock.Now))
        {
            times.OnAnswered(incarnation);
            LogAliveAgain(node.Row.Name, incarnation);
            events.OnNodeAliveAgain(node.Info);
        }
    }

    /// <summary>Whether another node had an answer: then it is the way from here to there that is broken, not the node.</summary>
    private async Task<bool> AnswersOthersAsync(KnownNode node)
    {
        var witnesses = Witnesses.Choose(node.Incarnation, nodes.Living, self.Incarnation, _detector.IsSuspected);
        var answers = await Task.WhenAll(witnesses.Select(witness => verifier.AnswersAsync(node.Info, witness.Info)));
        return answers.Contains(true);
    }

    private void TellSuspected(Suspicion suspicion)
    {
        times.OnSuspected(suspicion.Node);
        LogSuspected(nodes.NameOf(suspicion.Node), suspicion.Node, suspicion.Reason);
        if (nodes.Find(suspicion.Node) is { } node)
        {
            events.OnNodeSuspected(node.Info, suspicion.Reason);
        }
    }

    [LoggerMessage(EventIds.NodeSuspected, LogLevel.Warning, "Node {Node}, life {Incarnation}, is suspected: {Reason}")]
    private partial void LogSuspected(string node, NodeIncarnation incarnation, string reason);

    [LoggerMessage(EventIds.NodeAliveAgain, LogLevel.Information, "Node {Node}, life {Incarnation}, answered and is no longer suspected.")]
    private partial void LogAliveAgain(string node, NodeIncarnation incarnation);
}
