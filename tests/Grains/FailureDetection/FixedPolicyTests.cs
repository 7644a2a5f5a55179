using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tests.Nodes;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>The fixed policy from the last sign of life to the death: detector, looks and store together, second by second.</summary>
public sealed class FixedPolicyTests : IAsyncLifetime
{
    private const int Silent = 1;
    private const int Own = 9;

    private readonly List<double> _called = [];
    private StoreLab _lab = null!;
    private FailureDetectorGrain _detector = null!;
    private Pacemaker _pacemaker = null!;
    private TimeSpan _silentSince;
    private bool _isSilent;
    private int _seconds;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync(new NodeDetectionOptions { Policy = DetectionPolicy.Fixed });
        _pacemaker = _lab.Pacemaker();
        var options = Options.Create(_lab.Detection);
        _detector = new FailureDetectorGrain(
            _lab.Store, _lab.Directory, _lab.Self, new DeafVerifier(() => _called.Add(Silence)),
            new NodeAccuser(_lab.Store, _lab.Directory, _lab.Orders(), Options.Create(_lab.Quarantine), NullLogger<NodeAccuser>.Instance),
            _lab.Orders(), _lab.Health(), _pacemaker, _lab.SuspicionTimes(), _lab.Events, _lab.Clock, options, NullLogger<FailureDetectorGrain>.Instance);
        await _lab.JoinAsync(Silent);
        await _lab.JoinAsync(Own);
        await PassAsync(100);
        _isSilent = true;
        _silentSince = _lab.Clock.Now;
    }

    public async ValueTask DisposeAsync()
    {
        await _pacemaker.DisposeAsync();
        await _lab.DisposeAsync();
    }

    private double Silence => (_lab.Clock.Now - _silentSince).TotalSeconds;

    [Fact]
    public async Task A_node_that_was_silent_for_29_s_is_neither_suspected_nor_dead()
    {
        await PassAsync(29);

        Assert.Empty(_lab.Events.Heard);
        Assert.Empty(_called);
        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(Silent)).Phase);
    }

    [Fact]
    public async Task A_node_that_stays_silent_is_suspected_after_30_s_then_called_then_dead_once()
    {
        await PassAsync(30);
        Assert.Equal(["node-1 suspected"], _lab.Events.Heard);
        Assert.Equal([30], _called);

        await PassAsync(19);
        Assert.Equal([30, 35, 40, 45], _called);
        Assert.Equal(NodePhase.Alive, (await _lab.RowAsync(Silent)).Phase);

        await PassAsync(11);
        Assert.Equal(NodePhase.Dead, (await _lab.RowAsync(Silent)).Phase);
        Assert.Equal(["node-1 suspected", "node-1 dead"], _lab.Events.Heard);
    }

    /// <summary>Each second leases are renewed; each fifth there are a heartbeat, a check and a look.</summary>
    private async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _lab.Pass(1);
            foreach (var node in _isSilent ? new[] { Own } : [Silent, Own])
            {
                await LiveAsync(node);
            }

            if (++_seconds % 5 == 0)
            {
                await _pacemaker.LookAsync(CancellationToken.None);
                await _detector.CheckAsync(CancellationToken.None);
            }
        }
    }

    private async Task LiveAsync(int node)
    {
        await _lab.RenewAsync(node);
        _lab.Guard.Renewed(_lab.Clock.Now);
        if (_seconds % 5 == 4)
        {
            var heartbeat = new NodeHeartbeat { Node = NodeFacts.Info(node), Sequence = _seconds };
            _lab.Health().Note(heartbeat);
            await _detector.HeartbeatAsync(heartbeat);
        }
    }

    /// <summary>Gets no answer from any node.</summary>
    private sealed class DeafVerifier(Action onCalled) : INodeVerifier
    {
        public Task<bool> AnswersAsync(NodeInfo node)
        {
            onCalled();
            return Task.FromResult(false);
        }

        public Task<bool> AnswersAsync(NodeInfo node, NodeInfo witness) => Task.FromResult(false);
    }
}
