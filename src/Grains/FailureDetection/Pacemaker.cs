using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Each silo's own watch: it reads the nodes, ends the lives that are over, has Orleans drop their silos, and sends this node's pulse.</summary>
/// <remarks>
/// It runs on every silo, so that no silo is special: the detector's own may freeze, and costs one lease. It looks each interval,
/// and at once when Orleans' membership changes or the detector has cause to.
/// </remarks>
internal sealed partial class Pacemaker : IPacemaker, ILifecycleParticipant<ISiloLifecycle>, IAsyncDisposable
{
    private readonly IDurableStore _store;
    private readonly NodeDirectory _nodes;
    private readonly LocalNode _self;
    private readonly IProcessProver _prover;
    private readonly NodeDeaths _deaths;
    private readonly SiloEviction _eviction;
    private readonly Pulse _pulse;
    private readonly CondemnationGuard _guard;
    private readonly IClusterMembershipService _membership;
    private readonly MonotonicClock _clock;
    private readonly NodeDetectionOptions _options;
    private readonly ILogger _logger;
    private readonly PeriodicLoop _looks;
    private readonly PeriodicLoop _beats;
    private readonly ITimer _leaseEnds;
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;
    private volatile bool _isAlarmed;

    public Pacemaker(
        IDurableStore store,
        NodeDirectory nodes,
        LocalNode self,
        IProcessProver prover,
        NodeDeaths deaths,
        SiloEviction eviction,
        Pulse pulse,
        CondemnationGuard guard,
        IClusterMembershipService membership,
        MonotonicClock clock,
        IOptions<NodeDetectionOptions> options,
        TimeProvider timeProvider,
        ILogger<Pacemaker> logger)
    {
        (_store, _nodes, _self, _prover, _deaths, _eviction) = (store, nodes, self, prover, deaths, eviction);
        (_pulse, _guard, _membership, _clock, _options, _logger) = (pulse, guard, membership, clock, options.Value, logger);
        _looks = new PeriodicLoop(_options.PacemakerInterval, LookAsync, LogLookFailed, timeProvider);
        _beats = new PeriodicLoop(_options.HeartbeatInterval, _pulse.BeatAsync, LogLookFailed, timeProvider);
        _leaseEnds = timeProvider.CreateTimer(_ => _looks.Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(Pacemaker), NodeStages.Watch, StartAsync, StopAsync);

    /// <inheritdoc/>
    public void LookNow()
    {
        _isAlarmed = true;
        _looks.Signal();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _leaseEnds.DisposeAsync();
        await _beats.StopAsync();
        await _looks.StopAsync();
        await _following;
    }

    /// <summary>One look at all nodes.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var isAlarmed = _isAlarmed;
        _isAlarmed = false;
        await ReadAsync(cancellationToken);
        var proofs = await ProveAsync(isAlarmed, cancellationToken);
        var hasEnded = false;
        var now = _store.SurelyPast();
        var mayCondemn = _guard.MayCondemn(_clock.Now, _store.ClockSteps);
        foreach (var sentence in DeathPlan.Decide(_nodes.All, _self.Incarnation, proofs, mayCondemn, now))
        {
            hasEnded |= await _deaths.EndAsync(sentence, cancellationToken);
        }

        if (hasEnded)
        {
            await ReadAsync(cancellationToken);
        }

        if (hasEnded || (isAlarmed && _nodes.All.Any(node => node.Row is { Phase: NodePhase.Dead, Recovered: null })))
        {
            _pulse.TouchRecovery(isUrgent: true); // at the death, and again when Orleans has dropped the silo
        }

        await _eviction.EvictAsync(_nodes.All.Where(node => node.Row.Phase == NodePhase.Dead && node.Incarnation != _self.Incarnation));
        await _deaths.RecordMissingAsync(_nodes.All, cancellationToken);
        ArmForNextEnd(_store.SurelyPast());
    }

    /// <summary>Looks again just when the next lease ends, if that is before the next look: a dead node's work need not wait for that.</summary>
    private void ArmForNextEnd(DateTimeOffset now)
    {
        var next = _nodes.Living
            .Where(node => node.Incarnation != _self.Incarnation && node.Row.LeaseEnds > now)
            .Select(node => node.Row.LeaseEnds - now)
            .DefaultIfEmpty(TimeSpan.MaxValue)
            .Min();
        if (next < _options.PacemakerInterval)
        {
            _leaseEnds.Change(next, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken) =>
        _nodes.Replace(await NodeQueries.ListCurrentAsync(_store, cancellationToken));

    private async Task<Dictionary<NodeIncarnation, ProcessProof>> ProveAsync(bool isAlarmed, CancellationToken cancellationToken)
    {
        var others = _nodes.Living.Where(node => node.Incarnation != _self.Incarnation).ToList();
        var proofs = await Task.WhenAll(others.Select(node => ProveAsync(node, isAlarmed, cancellationToken)));
        return others.Zip(proofs).ToDictionary(pair => pair.First.Incarnation, pair => pair.Second);
    }

    private async Task<ProcessProof> ProveAsync(KnownNode node, bool isAlarmed, CancellationToken cancellationToken)
    {
        var successor = DeathPlan.FindSuccessor(node, _nodes.All);
        return successor.IsGone
            ? successor
            : await _prover.ProveAsync(node.Info, isAlarmed || DeathPlan.IsLate(node, _options.LeaseLength, _store.Now), cancellationToken);
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _looks.Start(atOnce: true);
        _beats.Start(atOnce: true);
        _following = FollowMembershipAsync();
        return Task.CompletedTask;
    }

    private Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    private async Task FollowMembershipAsync()
    {
        await Task.Yield();
        try
        {
            await foreach (var _ in _membership.MembershipUpdates.WithCancellation(_stop.Token))
            {
                LookNow();
            }
        }
        catch (Exception exception)
        {
            // It ends with the silo. Should it end before, the looks at each interval find the same.
            LogFollowingEnded(exception);
        }
    }

    [LoggerMessage(EventIds.DetectionFailed, LogLevel.Warning, "The other nodes could not be looked at now; it is tried again.")]
    private partial void LogLookFailed(Exception exception);

    [LoggerMessage(EventIds.MembershipNotFollowed, LogLevel.Debug, "Orleans' membership is no longer followed.")]
    private partial void LogFollowingEnded(Exception exception);
}
