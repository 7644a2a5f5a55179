using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Grains.Nodes;

/// <content>Leaving in order.</content>
internal sealed partial class NodeAgent
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo may take to stop beyond its node's leaving.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _giveUpDrain = new();
    private Task<bool>? _drain;
    private TimeSpan _drainEnds;
    private bool _isPreempted;
    private bool _mayHaveJoined;
    private Task? _leave;

    /// <summary>Returns how long a host has to give its silo to leave: to drain, to hand over, to wait for handlers that do not stop, and to record it.</summary>
    internal static TimeSpan LongestLeave(NodeDetectionOptions options) => options.DrainTimeout + options.HandOverTimeout + (2 * EndTimeout) + StopMargin;

    /// <summary>Stops. A node that has joined and was never activated leaves first: Orleans does not stop a silo whose start was given up before it became active.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_mayHaveJoined && _state.Phase == NodePhase.Joining)
        {
            await LeaveAsync(CancellationToken.None);
        }

        await StopAsync();
    }

    /// <summary>Takes no new work, waits for what runs, hands over what outlasts its time, and leaves; asked again, it is the same leaving.</summary>
    /// <param name="cancellationToken">
    /// Fired when the host has no time left, or was killed: then the node just stops, and others find it dead.
    /// </param>
    internal Task LeaveAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _leave ??= LeaveOnceAsync(cancellationToken);
        }
    }

    private async Task LeaveOnceAsync(CancellationToken cancellationToken)
    {
        await Task.Yield(); // out of the lock
        if (_mayHaveJoined && !cancellationToken.IsCancellationRequested)
        {
            await using var giveUp = cancellationToken.Register(_giveUpDrain.Cancel);
            await (_state.Phase == NodePhase.Joining ? DepartAsync() : TryDrainAsync());
        }

        await _renewals.StopAsync();
        Fence();
        await StopAsync();
    }

    private async Task StopAsync()
    {
        await _renewals.DisposeAsync();
        await _outages.DisposeAsync();
        await _leaseTimer.DisposeAsync();
    }

    /// <summary>Takes no new work, lets what runs finish for a time, hands over the rest, and records that the node has left.</summary>
    /// <remarks>Said again it is the same drain, and over sooner if less time is given now.</remarks>
    /// <param name="within">From now to the hand-over.</param>
    /// <param name="isPreemption">Whether the machine is taken away when the time is over.</param>
    /// <returns>Whether nothing is left here.</returns>
    internal Task<bool> DrainAsync(TimeSpan within, bool isPreemption)
    {
        lock (_lock)
        {
            var ends = _clock.Now + within;
            _drainEnds = _drain is null || ends < _drainEnds ? ends : _drainEnds;
            _isPreempted |= isPreemption;
            return _drain ??= Apply(new DrainOrdered()) ? DrainOnceAsync(within, _giveUpDrain.Token) : Task.FromResult(false);
        }
    }

    private async Task<bool> DrainOnceAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        await Task.Yield(); // out of the lock
        LogDrainStarted(_node.Name, _node.Incarnation, within);
        _events.OnDrainStarted(_node.Info);
        _pipeline.Post(new DrainStarted());
        await TryRenewAsync(cancellationToken);
        if (!await WaitUntilIdleAsync(() => _drainEnds, cancellationToken) && !await HandOverAsync(cancellationToken))
        {
            return false;
        }

        await DepartAsync();
        return true;
    }

    /// <summary>Leaves, as one that owns nothing: it has handed over all that it had, or never took anything.</summary>
    /// <remarks>It renews its lease until that is recorded, which may take several tries: or it would be declared dead meanwhile.</remarks>
    private async Task DepartAsync()
    {
        _isLeaving = true; // a renewal that is on its way may find this life ended
        await EndAsync();
        await _renewals.StopAsync();
    }

    /// <summary>Drains for as long as the host gives it. Whatever becomes of that, the node is fenced afterwards.</summary>
    private async Task TryDrainAsync()
    {
        try
        {
            await DrainAsync(_options.DrainTimeout, isPreemption: false);
        }
        catch (Exception exception)
        {
            LogNotLeft(exception, _node.Name, _node.Incarnation);
        }
    }

    private async Task<bool> HandOverAsync(CancellationToken cancellationToken)
    {
        _isHandingOver = true;
        await TryRenewAsync(cancellationToken);
        _pipeline.Post(new DrainEnded());
        var isIdle = await WaitUntilIdleAsync(After(_options.HandOverTimeout), cancellationToken);
        if (isIdle)
        {
            return true;
        }

        LogNotHandedOver(_node.Name, _node.Incarnation, _watch.Newest.Running);
        _pipeline.Post(new HandOverEnded());
        return await WaitUntilIdleAsync(After(EndTimeout), cancellationToken);
    }

    private Func<TimeSpan> After(TimeSpan limit)
    {
        var until = _clock.Now + limit;
        return () => until;
    }

    private async Task<bool> WaitUntilIdleAsync(Func<TimeSpan> until, CancellationToken cancellationToken)
    {
        while (!await IsIdleAsync())
        {
            if (_clock.Now >= until() || _state.IsEnded || cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(LookInterval, _timeProvider, CancellationToken.None);
        }

        return true;
    }

    private async Task<bool> IsIdleAsync()
    {
        var look = _pipeline.InspectAsync();
        await Task.WhenAny(look, Task.Delay(EndTimeout, _timeProvider));
        return look.IsCompletedSuccessfully && (await look).IsIdle;
    }

    /// <summary>Records that the node has left. A try that fails is repeated for a time: without the record the others have to find its process gone, and call it a crash.</summary>
    private async Task EndAsync()
    {
        var until = After(EndTimeout)();
        while (true)
        {
            try
            {
                await EndOnceAsync(until);
                return;
            }
            catch (Exception exception)
            {
                if (_clock.Now + LookInterval >= until || _giveUpDrain.IsCancellationRequested)
                {
                    LogNotLeft(exception, _node.Name, _node.Incarnation);
                    return;
                }
            }

            await Task.Delay(LookInterval, _timeProvider);
        }
    }

    private async Task EndOnceAsync(TimeSpan until)
    {
        var left = until - _clock.Now < AnswerTimeout ? until - _clock.Now : AnswerTimeout;
        using var timeout = new CancellationTokenSource(left > LookInterval ? left : LookInterval, _timeProvider);

        // Its own word is the proof: this life owns nothing any more, and never will. A handler that ignored its token may
        // still run until the process ends, in a moment; it was given up on, as one that outlasts its grace is.
        var end = new NodeEnd { Incarnation = _node.Incarnation, Phase = NodePhase.Left, IsProvedGone = true };
        var hasLeft = await _store.EndNodeAsync(end, timeout.Token) || await IsRecordedAsLeftAsync(timeout.Token);
        if (hasLeft && Apply(new NodeDeparted()))
        {
            LogLeft(_node.Name, _node.Incarnation);
            _events.OnNodeLeft(_node.Info);
        }
    }

    /// <summary>Whether a try whose answer was lost has been written.</summary>
    private async Task<bool> IsRecordedAsLeftAsync(CancellationToken cancellationToken) =>
        await _store.ReadNodesAsync([_node.Incarnation], cancellationToken) is [{ Phase: NodePhase.Left }];
}
