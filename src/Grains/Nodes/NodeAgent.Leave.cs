using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Grains.Nodes;

/// <content>Leaving in order.</content>
internal sealed partial class NodeAgent
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    public async ValueTask DisposeAsync()
    {
        await _renewals.DisposeAsync();
        await _outages.DisposeAsync();
        await _leaseTimer.DisposeAsync();
    }

    /// <summary>Takes no new work, waits for what runs, hands over what outlasts its time, and leaves.</summary>
    /// <param name="cancellationToken">
    /// Fired when the host has no time left, or was killed: then the node just stops, and others find it dead.
    /// </param>
    internal async Task LeaveAsync(CancellationToken cancellationToken)
    {
        var isEmpty = false;
        if (!cancellationToken.IsCancellationRequested && Apply(new DrainOrdered()))
        {
            LogDrainStarted(_node.Name, _node.Incarnation, _options.DrainTimeout);
            _events.OnDrainStarted(_node.Info);
            _pipeline.Post(new DrainStarted());
            await TryRenewAsync(cancellationToken);
            isEmpty = await WaitUntilIdleAsync(_options.DrainTimeout, cancellationToken) || await HandOverAsync(cancellationToken);
        }

        await _renewals.StopAsync();
        if (isEmpty)
        {
            await EndAsync();
        }

        Fence();
        await DisposeAsync();
    }

    private async Task<bool> HandOverAsync(CancellationToken cancellationToken)
    {
        _isHandingOver = true;
        await TryRenewAsync(cancellationToken);
        _pipeline.Post(new DrainEnded());
        var isIdle = await WaitUntilIdleAsync(_options.HandOverTimeout, cancellationToken);
        if (isIdle)
        {
            return true;
        }

        LogNotHandedOver(_node.Name, _node.Incarnation, (await _watch.LookAsync()).Running);
        _pipeline.Post(new HandOverEnded());
        return await WaitUntilIdleAsync(EndTimeout, cancellationToken);
    }

    private async Task<bool> WaitUntilIdleAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var until = _clock.Now + limit;
        while (!await IsIdleAsync())
        {
            if (_clock.Now >= until || _state.IsEnded || cancellationToken.IsCancellationRequested)
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

    private async Task EndAsync()
    {
        using var timeout = new CancellationTokenSource(EndTimeout, _timeProvider);
        try
        {
            // Its own word is the proof: this life owns nothing any more, and never will. A handler that ignored its token may
            // still run until the process ends, in a moment; it was given up on, as one that outlasts its grace is.
            var end = new NodeEnd { Incarnation = _node.Incarnation, Phase = NodePhase.Left, IsProvedGone = true };
            if (await _store.EndNodeAsync(end, timeout.Token) && Apply(new NodeDeparted()))
            {
                LogLeft(_node.Name, _node.Incarnation);
                _events.OnNodeLeft(_node.Info);
            }
        }
        catch (Exception exception)
        {
            // The others will find its process gone, and nothing to recover.
            LogNotLeft(exception, _node.Name, _node.Incarnation);
        }
    }
}
