using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Lives this node's life: joins, keeps the lease, fences the node when it is lost, drains and leaves.</summary>
/// <remarks>
/// The renewals run on the thread pool, like the store beneath them; a thread of their own would only move the wait. What
/// keeps the pool from starving them is that it has a thread for each slot at once. A node whose pipeline takes no turns any
/// more does not renew: its lease is to end.
/// </remarks>
internal sealed partial class NodeAgent : ILifecycleParticipant<ISiloLifecycle>, IAsyncDisposable
{
    /// <summary>A lease that is renewed twice a heartbeat may be shorter by half of one, and survive the same break of the network.</summary>
    private const int RenewalsPerHeartbeat = 2;

    /// <summary>A pipeline is stuck only after more than so many looks that it has not answered, however late one of them came.</summary>
    private const int LooksPerLease = 3;

    private static readonly TimeSpan ShortestRenewalTimeout = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly LocalNode _node;
    private readonly IDurableStore _store;
    private readonly INodePipeline _pipeline;
    private readonly PipelineWatch _watch;
    private readonly CondemnationGuard _guard;
    private readonly IPeerPoll _peers;
    private readonly IProcessEnd _processEnd;
    private readonly IClusterEvents _events;
    private readonly Serializer<NodeRecord> _records;
    private readonly MonotonicClock _clock;
    private readonly TimeProvider _timeProvider;
    private readonly NodeDetectionOptions _options;
    private readonly ILogger _logger;
    private readonly Lease _lease;
    private readonly PeriodicLoop _renewals;
    private readonly ITimer _leaseTimer;
    private readonly SemaphoreSlim _renewing = new(1);
    private NodeState _state = new(NodePhase.Joining);
    private bool _isLost;
    private bool _isHandingOver;
    private long _renewal;
    private TimeSpan _storeLatency;
    private TimeSpan? _unansweredSince;
    private volatile bool _isLeaving;
    private volatile StoreException? _unusable;

    public NodeAgent(
        LocalNode node,
        IDurableStore store,
        INodePipeline pipeline,
        CondemnationGuard guard,
        IPeerPoll peers,
        IProcessEnd processEnd,
        IClusterEvents events,
        Serializer<NodeRecord> records,
        MonotonicClock clock,
        IOptions<NodeDetectionOptions> options,
        IOptions<QuarantineOptions> quarantine,
        TimeProvider timeProvider,
        ILogger<NodeAgent> logger)
    {
        (_node, _store, _pipeline, _guard, _peers, _processEnd) = (node, store, pipeline, guard, peers, processEnd);
        (_events, _records, _clock, _timeProvider, _options, _logger) = (events, records, clock, timeProvider, options.Value, logger);
        _quarantine = quarantine.Value;
        _watch = new PipelineWatch(pipeline, _options.LeaseLength / LooksPerLease, clock, timeProvider);
        _lease = new Lease(_options.LeaseLength);
        _outage = new Lease(_options.LeaseLength);
        _outages = new PeriodicLoop(_options.LeaseLength / OutageLooksPerLease, WatchOutageAsync, LogRenewalFailed, timeProvider);
        _renewals = new PeriodicLoop(_options.HeartbeatInterval / RenewalsPerHeartbeat, RenewAsync, LogRenewalFailed, timeProvider);
        _leaseTimer = timeProvider.CreateTimer(_ => CheckLease(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>After which time another renewal is tried, on another connection: so short that, once the network is back after a break, one is tried at once.</summary>
    private TimeSpan RenewalTimeout => _options.LeaseLength / 12 is var share && share > ShortestRenewalTimeout ? share : ShortestRenewalTimeout;

    /// <summary>How long the answer to a renewal is still good: a store that is only slow keeps its nodes their leases.</summary>
    private TimeSpan AnswerTimeout => _options.LeaseLength / 3;

    /// <summary>How long the newest renewal took, or how long no renewal has been answered.</summary>
    private TimeSpan StoreLatency => _unansweredSince is { } since && _clock.Now - since > _storeLatency ? _clock.Now - since : _storeLatency;

    private bool IsStuck => _watch.Unanswered > _options.LeaseLength;

    public void Participate(ISiloLifecycle observer)
    {
        observer.Subscribe(nameof(NodeAgent), NodeStages.Join, JoinAsync, LeaveAsync); // nothing more, once it has left at its last stage
        observer.Subscribe(nameof(NodeAgent), NodeStages.Work, ActivateAsync, LeaveAsync);
    }

    /// <summary>Where this life is, as the node itself knows it.</summary>
    public NodePhase Phase => _state.Phase;

    /// <summary>Returns what the node can say of itself now.</summary>
    public NodeHeartbeat Describe()
    {
        var seen = _watch.Newest;
        return new NodeHeartbeat
        {
            Node = _node.Info,
            Phase = _state.Phase,
            Running = seen.Running,
            Hung = seen.Hung,
            Waiting = [.. seen.Waiting.Take(NodeRecord.MaxWaiting)],
            StoreLatency = StoreLatency,
            ExecutorDelay = _watch.Unanswered,
            SlotLimit = _slotLimit,
            Ended = seen.Ended,
        };
    }

    /// <summary>Registers this life. From its return on the node has a lease and renews it.</summary>
    internal async Task JoinAsync(CancellationToken cancellationToken)
    {
        var sent = _clock.Now;
        var row = new NodeRow { Incarnation = _node.Incarnation, Name = _node.Name, Phase = NodePhase.Joining, Info = Record() };
        _mayHaveJoined = true; // also if it is not known what became of the write
        if (!await _store.RegisterNodeAsync(row, _options.LeaseLength, cancellationToken))
        {
            _mayHaveJoined = false;
            throw new FaultToleranceException(
                $"Node {_node.Name} could not join: its life {_node.Incarnation} is registered for another node, or has ended. Start the silo again.");
        }

        TakeRenewal(sent);
        _renewals.Start(atOnce: false);
    }

    /// <summary>Begins to take work.</summary>
    internal async Task ActivateAsync(CancellationToken cancellationToken)
    {
        Apply(new NodeActivated());
        lock (_lock)
        {
            TellLease();
        }

        await TryRenewAsync(cancellationToken);
        _outages.Start(atOnce: false);
        LogJoined(_node.Name, _node.Incarnation, _node.Info.Address, _node.Info.Slots);
        _events.OnNodeJoined(_node.Info);
    }

    /// <summary>Makes everything that runs here void, at once and for good.</summary>
    internal void Fence()
    {
        Apply(new NodeDied());
        lock (_lock)
        {
            _lease.GiveUp();
            _outage.GiveUp();
            _pipeline.Post(new LeaseChanged(false));
        }
    }

    /// <summary>One renewal of the lease, after any that is under way.</summary>
    internal async Task RenewAsync(CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            await RenewOnceAsync(cancellationToken);
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>Writes at once where the node is, for others to know; the next renewal says so again.</summary>
    private async Task TryRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RenewAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            LogRenewalFailed(exception);
        }
    }

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        await _watch.LookAsync();
        WatchReturn();
        if (_state.IsEnded || IsStuck)
        {
            EndIfStuck();
            return;
        }

        var renewal = RenewAndTakeAsync(cancellationToken);
        renewal.Ignore(); // if it fails after the wait is over, that was told as a renewal that took too long
        await renewal.WaitAsync(RenewalTimeout, _timeProvider, cancellationToken);
    }

    /// <summary>Renews, and takes the answer whenever it comes: what the store has granted holds, however long it took to say so.</summary>
    private async Task RenewAndTakeAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout, _timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var sent = _clock.Now;
        _unansweredSince ??= sent;
        if (await WriteLeaseAsync(both.Token))
        {
            (_storeLatency, _unansweredSince) = (_clock.Now - sent, null);
            TakeRenewal(sent);
        }
        else if (!_state.IsEnded && !_isLeaving)
        {
            EndByOthers();
        }
    }

    private async Task<bool> WriteLeaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Numbered and described in one go, before anything is awaited: a larger number never says something older.
            var renewal = new LeaseRenewal { Incarnation = _node.Incarnation, Sequence = ++_renewal, Phase = _state.Phase, Info = Record(), Lease = _options.LeaseLength };
            var isOurs = await _store.RenewLeaseAsync(renewal, cancellationToken);
            _unusable = null;
            return isOurs;
        }
        catch (StoreException failure) when (failure.Fault == StoreFault.Unusable)
        {
            _unusable = failure;
            throw;
        }
    }

    private byte[] Record() => _records.SerializeToArray(new NodeRecord
    {
        Info = _node.Info,
        Waiting = [.. _watch.Newest.Waiting.Take(NodeRecord.MaxWaiting)],
        IsHandingOver = _isHandingOver,
        IsPreempted = _isPreempted,
    });

    private bool Apply(NodeEvent happened)
    {
        lock (_lock)
        {
            var transition = NodeLifecycle.Apply(_state, happened);
            _state = transition.State;
            return transition.IsChange;
        }
    }

    private void TakeRenewal(TimeSpan sent)
    {
        bool isRegained;
        bool hasGoneOn;
        lock (_lock)
        {
            if (_state.IsEnded)
            {
                return;
            }

            _lease.Renew(sent);
            isRegained = _isLost && _lease.IsHeld(_clock.Now);
            _isLost &= !isRegained;
            hasGoneOn = EndOutage();
            TellLease();
            ArmLeaseTimer();
        }

        _guard.Renewed(_clock.Now);
        if (hasGoneOn)
        {
            LogOutageOver(_node.Name, _node.Incarnation);
        }

        if (isRegained)
        {
            LogLeaseRegained(_node.Name, _node.Incarnation);
            _events.OnLeaseRegained(_node.Info);
        }
    }
}
