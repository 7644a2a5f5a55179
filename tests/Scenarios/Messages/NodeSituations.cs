using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;
using FaultTolerance.Testing.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Scenarios.Tests.Messages;

/// <summary>What sends the messages about nodes.</summary>
internal static class NodeSituations
{
    private const string Probe = $"{nameof(INodeLink)}.{nameof(INodeLink.ProbeAsync)}";
    private const string Heartbeat = $"{nameof(IFailureDetectorGrain)}.{nameof(IFailureDetectorGrain.HeartbeatAsync)}";

    public static async Task LookAsync(MessageLab lab)
    {
        var node = lab.Node(1);
        var life = lab.Orleans.GetGrain<INodeGrain>(node.Incarnation.Value);

        var shown = await lab.StrikeAsync(() => MessageLab.AskAsync(life.GetSnapshotAsync), life.GetSnapshotAsync);

        Assert.Equal((node.Name, NodePhase.Alive), (shown!.Info.Name, shown.Phase));
    }

    public static async Task ListAsync(MessageLab lab)
    {
        var nodes = await lab.StrikeAsync(() => MessageLab.AskAsync(Detector(lab).GetNodesAsync), Detector(lab).GetNodesAsync);

        AllAlive(lab, nodes);
    }

    public static async Task ListIncidentsAsync(MessageLab lab)
    {
        var recorded = await RecordAsync(lab);
        var stored = await Log(lab).ListAsync(IClusterQueryGrain.MaxIncidents, CancellationToken.None);

        var listed = await lab.StrikeAsync(() => MessageLab.AskAsync(() => IncidentsAsync(lab)), () => IncidentsAsync(lab));

        Assert.Equal(stored.Select(Facts), listed.Select(Facts));
        Assert.Contains(Facts(recorded), listed.Select(Facts));
    }

    public static async Task FindIncidentAsync(MessageLab lab)
    {
        var recorded = await RecordAsync(lab);

        var found = await lab.StrikeAsync(() => MessageLab.AskAsync(() => FindAsync(lab, recorded.Key)), () => FindAsync(lab, recorded.Key));

        Assert.NotNull(found);
        Assert.Equal(Facts(recorded), Facts(found));
        Assert.Null(await FindAsync(lab, "node/1")); // no node of this name was ever there
    }

    public static async Task FollowIncidentsAsync(MessageLab lab)
    {
        var recorded = await RecordAsync(lab);
        var stored = await Log(lab).ListAfterAsync(DateTimeOffset.UnixEpoch, null, IClusterQueryGrain.MaxIncidents, CancellationToken.None);

        var page = await lab.StrikeAsync(() => MessageLab.AskAsync(() => FollowAsync(lab)), () => FollowAsync(lab));

        Assert.Equal(stored.Incidents.Select(one => Facts(one.Incident)), page.Take(stored.Incidents.Count).Select(Facts));
        Assert.Contains(Facts(recorded), page.Select(Facts));
    }

    public static async Task BeatAsync(MessageLab lab)
    {
        var node = lab.Node(2);
        var next = await lab.StrikeAsync(() => NextBeatAsync(lab, node), () => NextBeatAsync(lab, node), call => IsOf(call, node));

        var nodes = await Detector(lab).GetNodesAsync();
        var shown = nodes.Single(known => known.Info.Incarnation == node.Incarnation);
        Assert.True(shown.Heartbeat!.Sequence >= next, $"Heartbeat {shown.Heartbeat.Sequence} is shown after {next} was heard.");
        AllAlive(lab, nodes);
    }

    public static async Task SuspectAsync(MessageLab lab)
    {
        var (teller, node) = (lab.Cluster.SiloServices(0), lab.Node(1));
        var detector = teller.GetRequiredService<IGrainFactory>().GetGrain<IFailureDetectorGrain>(0);
        var suspicions = new NodeSuspicions(detector.SuspectAsync, teller.GetRequiredService<MonotonicClock>(), TimeProvider.System, NullLogger<NodeSuspicions>.Instance);
        await lab.StrikeAsync(
            () =>
            {
                suspicions.OnCallFailed(node.Incarnation, new TimeoutException("It gave no answer."));
                return Task.FromResult(true);
            },
            () => SuspectAsync(lab, node));

        await TrustedAsync(lab, node);
    }

    public static async Task ProbeAsync(MessageLab lab)
    {
        var node = lab.Node(1);
        await lab.StrikeAsync(
            strike => SuspectUntilStruckAsync(lab, node, strike),
            () => lab.Cluster.SiloServices(0).GetRequiredService<NodeLinks>().To(node.Info.Address).ProbeAsync());

        await TrustedAsync(lab, node);
    }

    public static async Task ReachesAsync(MessageLab lab)
    {
        var node = lab.Node(1);

        await lab.StrikeAsync(
            strike => SuspectUntilStruckAsync(lab, node, strike, losesProbe: true), // others are asked only if the detector's own silo has no answer
            () => lab.Cluster.SiloServices(0).GetRequiredService<NodeLinks>().To(lab.Node(2).Info.Address).ReachesAsync(node.Info));

        await TrustedAsync(lab, node);
    }

    public static async Task SeesNoneAsync(MessageLab lab)
    {
        var (node, witnesses) = (lab.Node(1), lab.Cluster.SiloServices(0).GetRequiredService<IRefusalWitnesses>());

        var refused = await lab.StrikeAsync(() => witnesses.FindAsync(node.Info), () => witnesses.FindAsync(node.Info));

        Assert.Null(refused);
        Assert.Null(await witnesses.FindAsync(node.Info));
        AllAlive(lab, await Detector(lab).GetNodesAsync());
    }

    public static async Task PollAsync(MessageLab lab)
    {
        var poll = lab.Cluster.SiloServices(0).GetRequiredService<IPeerPoll>();

        var peer = lab.Cluster.SiloServices(0).GetRequiredService<NodeLinks>().To(lab.Node(1).Info.Address).GetGrainId();

        var words = await lab.StrikeAsync(() => AskAsync(lab, poll), () => AskAsync(lab, poll), call => call.Target == peer);

        var struck = lab.Fault == MessageFault.DeliveredTwice ? 0 : 1;
        Assert.Equal([struck, 2 - struck], [words.Count(word => word.Standing == PeerStanding.Silent), words.Count(word => word.Standing == PeerStanding.ReachesStore)]);
        Assert.False(OutagePlan.Decide(words, isOfOneMachine: true).MayGoOn); // one that gave no answer may take over, like one that reaches the store
        Assert.All(await AskAsync(lab, poll), word => Assert.Equal(PeerStanding.ReachesStore, word.Standing));
    }

    /// <summary>Asks, and leaves out lives without a silo that other rows have just ended.</summary>
    private static async Task<IReadOnlyList<PeerWord>> AskAsync(MessageLab lab, IPeerPoll poll)
    {
        var silos = Enumerable.Range(0, lab.Cluster.Nodes).Select(silo => lab.Node(silo).Name).ToHashSet();
        return [.. (await poll.AskAsync(TimeSpan.FromSeconds(2), CancellationToken.None)).Where(word => silos.Contains(word.Node))];
    }

    private static IFailureDetectorGrain Detector(MessageLab lab) => lab.Orleans.GetGrain<IFailureDetectorGrain>(0);

    private static Task<IReadOnlyList<IncidentSnapshot>> IncidentsAsync(MessageLab lab) =>
        lab.Orleans.GetGrain<IClusterQueryGrain>(0).ListIncidentsAsync(IClusterQueryGrain.MaxIncidents);

    private static Task<IncidentSnapshot?> FindAsync(MessageLab lab, string key) => lab.Orleans.GetGrain<IClusterQueryGrain>(0).FindIncidentAsync(key);

    private static async Task<IReadOnlyList<IncidentSnapshot>> FollowAsync(MessageLab lab) =>
        [.. (await lab.Orleans.GetGrain<IClusterQueryGrain>(0).ListIncidentsAfterAsync(DateTimeOffset.UnixEpoch, null, IClusterQueryGrain.MaxIncidents)).Incidents.Select(recorded => recorded.Incident)];

    private static IncidentLog Log(MessageLab lab) => lab.Cluster.SiloServices(0).GetRequiredService<IncidentLog>();

    /// <summary>Records an incident of this row's, so that there is one to be read.</summary>
    private static async Task<IncidentSnapshot> RecordAsync(MessageLab lab)
    {
        var at = lab.Cluster.SiloServices(0).GetRequiredService<IDurableStore>().Now;
        var incident = new IncidentSnapshot { Key = lab.Name, Entity = FailedEntity.Task, Kind = FailureKind.Timeout, Node = "node-of-a-row", At = at, Evidence = $"{lab.Name} is to be read." };
        return (await Log(lab).AddAsync(incident, CancellationToken.None))!;
    }

    private static object Facts(IncidentSnapshot incident) =>
        (incident.Key, incident.Entity, incident.Kind, incident.Node, incident.Incarnation, incident.At, incident.Evidence, incident.Reporter, incident.AttemptsAffected);

    private static Task SuspectAsync(MessageLab lab, LocalNode node) => Detector(lab).SuspectAsync(node.Incarnation, "A test says so.");

    /// <summary>
    /// Suspects a node again whenever it is trusted before the row's message was sent: another suspicion may have used up what
    /// was to befall the probe, or no other node was free to be asked.
    /// </summary>
    private static async Task<bool> SuspectUntilStruckAsync(MessageLab lab, LocalNode node, MessageStrike strike, bool losesProbe = false)
    {
        MessageStrike? lost = null;
        while (!strike.HasStruck)
        {
            lost = losesProbe && lost is not { HasStruck: false } ? lab.Arm(Probe, MessageFault.RequestLost) : lost;
            await SuspectAsync(lab, node);
            await Task.WhenAny(strike.Struck, lab.Events.TrustedAsync(node.Incarnation));
        }

        return true;
    }

    private static bool IsOf(MessageCall call, LocalNode node) => call.Arguments is [NodeHeartbeat heartbeat] && heartbeat.Node.Incarnation == node.Incarnation;

    /// <summary>Waits until the detector has heard the next heartbeat of a node that nothing befalls, and returns its number.</summary>
    private static async Task<long> NextBeatAsync(MessageLab lab, LocalNode node)
    {
        var next = lab.Arm(Heartbeat, MessageFault.None, call => IsOf(call, node));
        await next.Landed;
        return ((NodeHeartbeat)(await next.Struck).Arguments[0]!).Sequence;
    }

    /// <summary>Waits until a suspicion is over: the node is alive in this very life, and nobody recorded a death.</summary>
    private static async Task TrustedAsync(MessageLab lab, LocalNode node)
    {
        await lab.Events.TrustedAsync(node.Incarnation);
        AllAlive(lab, await Detector(lab).GetNodesAsync());
        Assert.DoesNotContain(await IncidentsAsync(lab), incident => incident.Incarnation == node.Incarnation);
    }

    /// <summary>On a busy machine a node may be suspected for a moment, for another cause than the row's: that is no death.</summary>
    private static void AllAlive(MessageLab lab, IReadOnlyList<NodeSnapshot> nodes)
    {
        foreach (var silo in Enumerable.Range(0, lab.Cluster.Nodes))
        {
            var node = nodes.Single(node => node.Info.Incarnation == lab.Node(silo).Incarnation);
            Assert.True(node.Phase is NodePhase.Alive or NodePhase.Suspected, $"{node.Info.Name} is {node.Phase}.");
        }
    }
}
