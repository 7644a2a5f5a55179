using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Grains.Tests.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>Two nodes, each with an attempt under way, lose the store: both, or one of them. Leases are 5 s; the test moves time in tenths of a second.</summary>
public sealed class StoreOutageTests : IAsyncLifetime
{
    private readonly HashSet<OutageNode> _cutFromStore = [];
    private StoreLab _lab = null!;
    private OutageNode _one = null!;
    private OutageNode _two = null!;
    private int _tenths;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        _lab.Detection.HeartbeatInterval = TimeSpan.FromHours(1); // the test renews
        (_one, _two) = (new OutageNode(_lab, 1), new OutageNode(_lab, 2));
        _one.Peers.Say = () => Ask(_two);
        _two.Peers.Say = () => Ask(_one);
        await _one.StartAsync();
        await _two.StartAsync();
        await PassAsync(seconds: 6);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.Agent.DisposeAsync();
        await _two.Agent.DisposeAsync();
        await _lab.DisposeAsync();
    }

    [Fact]
    public async Task An_outage_that_all_share_stops_nothing_however_long_it_is()
    {
        LoseStore(_one, _two);
        await PassAsync(seconds: 20);
        Assert.Empty(_one.Stopped.Concat(_two.Stopped));
        Assert.False(_one.MayClaim);

        _cutFromStore.Clear();
        await PassAsync(seconds: 1);

        Assert.Empty(_one.Stopped.Concat(_two.Stopped));
        Assert.True(_one.MayClaim);
        Assert.DoesNotContain(_lab.Events.Heard, heard => heard.EndsWith("lease lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_the_outage_nobody_is_condemned_for_one_lease()
    {
        LoseStore(_one, _two);
        await PassAsync(seconds: 20);
        _cutFromStore.Remove(_one);

        await PassAsync(seconds: 1);
        Assert.False(_one.MayCondemn);
        await PassAsync(seconds: 5);

        Assert.True(_one.MayCondemn);
    }

    [Fact]
    public async Task A_node_that_alone_lost_the_store_stops_at_the_end_of_its_lease()
    {
        LoseStore(_one);

        await PassAsync(seconds: 5);

        Assert.Equal([StopReason.LeaseLost], _one.Stopped);
        Assert.Empty(_two.Stopped);
    }

    [Fact]
    public async Task A_node_whose_peer_gives_no_answer_stops_at_the_end_of_its_lease()
    {
        LoseStore(_one, _two);
        _one.Peers.Say = () => [new PeerWord("node-2", PeerStanding.Silent)];

        await PassAsync(seconds: 5);

        Assert.Equal([StopReason.LeaseLost], _one.Stopped);
    }

    [Fact]
    public async Task A_node_stops_before_a_peer_that_has_the_store_back_may_take_over()
    {
        LoseStore(_one, _two);
        await PassAsync(seconds: 20);
        _cutFromStore.Remove(_two);

        while (!_two.MayCondemn)
        {
            Assert.True(_tenths < 1_000);
            await PassAsync(seconds: 0.1);
        }

        Assert.Equal([StopReason.LeaseLost], _one.Stopped);
    }

    [Fact]
    public async Task A_node_without_peers_goes_on()
    {
        LoseStore(_one);
        _one.Peers.Say = () => [];

        await PassAsync(seconds: 60);

        Assert.Empty(_one.Stopped);
    }

    private void LoseStore(params OutageNode[] nodes) => _cutFromStore.UnionWith(nodes);

    private IReadOnlyList<PeerWord> Ask(OutageNode peer) =>
        [new PeerWord("peer", peer.Guard.IsCutOff(_lab.Clock.Now) ? PeerStanding.LostStore : PeerStanding.ReachesStore)];

    private async Task PassAsync(double seconds)
    {
        for (var end = _tenths + (int)(seconds * 10); _tenths < end; _tenths++)
        {
            _lab.Pass(0.1);
            foreach (var node in new[] { _one, _two })
            {
                if (_tenths % 10 == 0)
                {
                    await TryRenewAsync(node);
                }

                await node.Agent.WatchOutageAsync(CancellationToken.None);
                node.Turn();
            }
        }
    }

    private async Task TryRenewAsync(OutageNode node)
    {
        _lab.Engine.IsReachable = !_cutFromStore.Contains(node);
        var failure = await Record.ExceptionAsync(() => node.Agent.RenewAsync(CancellationToken.None));
        Assert.Equal(_lab.Engine.IsReachable, failure is null);
        _lab.Engine.IsReachable = true;
    }

    /// <summary>A node's life around a real pipeline, whose clock is the lab's.</summary>
    private sealed class OutageNode
    {
        private readonly StoreLab _lab;
        private readonly FakePipeline _inbox = new();
        private readonly TaskPipeline _pipeline;
        private readonly NodeInfo _info;
        private int _handled;

        public OutageNode(StoreLab lab, int number)
        {
            (_lab, _info) = (lab, NodeFacts.Info(number));
            _pipeline = new TaskPipeline(_info.Incarnation, _info.Name, new TaskPipelineOptions(), new Random(number));
            Guard = new CondemnationGuard(lab.Detection.LeaseLength);
            Agent = new NodeAgent(
                new LocalNode(_info), lab.Store, _inbox, Guard, Peers, lab.ProcessEnd, lab.Events, StoreLab.Serializer<NodeRecord>(),
                lab.Clock, Options.Create(lab.Detection), Options.Create(lab.Quarantine), lab.Time, NullLogger<NodeAgent>.Instance);
        }

        public NodeAgent Agent { get; }

        public CondemnationGuard Guard { get; }

        public FakePeers Peers { get; } = new();

        public List<StopReason> Stopped { get; } = [];

        public bool MayClaim => _pipeline.HoldsLease;

        public bool MayCondemn => Guard.MayCondemn(_lab.Clock.Now, clockSteps: 0);

        /// <summary>Joins, and has one attempt under way.</summary>
        public async Task StartAsync()
        {
            await Agent.JoinAsync(CancellationToken.None);
            await Agent.ActivateAsync(CancellationToken.None);
            var claim = Turn().OfType<ClaimTasks>().Single();
            var task = new NodeUnderTest().Claimed(1) with { Owner = _info.Incarnation };
            Assert.Single(Turn(new TasksClaimed(claim.Operation, [task])).OfType<StartAttempt>());
        }

        public List<PipelineEffect> Turn(params PipelineEvent[] happened)
        {
            var posted = _inbox.Posted;
            List<PipelineEvent> events = [.. posted.Skip(_handled), .. happened, new Ticked()];
            _handled = posted.Count;
            List<PipelineEffect> effects = [.. _pipeline.Handle(events, _lab.Store.Now, _lab.Clock.Now)];
            Stopped.AddRange(effects.OfType<StopAttempt>().Select(stop => stop.Reason));
            return effects;
        }
    }
}
