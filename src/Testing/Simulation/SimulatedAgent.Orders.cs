using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Testing.Simulation;

/// <content>What a node is ordered to do: to take no work, to take it again slowly, to leave.</content>
internal sealed partial class SimulatedAgent
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private bool _isLeaving;
    private bool _isHandingOver;
    private bool _isSayingSo;
    private bool _hasLeft;
    private TimeSpan? _returnedAt;
    private int? _slotLimit;

    public int? SlotLimit => _slotLimit;

    /// <summary>Looks for orders to this node, which hold over its lives, and carries them out.</summary>
    public async Task WatchOrdersAsync()
    {
        while (!_isLeaving)
        {
            await LookForOrderAsync();
            await node.WaitAsync(Options.LeaseLength);
        }
    }

    public async Task LookForOrderAsync()
    {
        try
        {
            var order = await node.AskAsync(_ => Task.FromResult(cluster.Orders.Find(node.Machine)));
            switch (NodeOrderPlan.Decide(order, node.Incarnation, Phase, node.Now))
            {
                case NodeOrderKind.Quarantine when Apply(new QuarantineOrdered()):
                    cluster.Trace.Add("is quarantined", node.Machine);
                    cluster.Faults.Quarantines++;
                    _returnedAt = null;
                    SetSlots(0);
                    break;
                case NodeOrderKind.None when Apply(new QuarantineLifted()):
                    cluster.Trace.Add("is released", node.Machine);
                    _returnedAt = node.Monotonic;
                    WatchReturn();
                    break;
                case NodeOrderKind.Drain:
                    Leave(TimeSpan.FromSeconds(cluster.Random.Next(4)));
                    break;
                case NodeOrderKind.Evict:
                    Leave(TimeSpan.Zero);
                    break;
            }
        }
        catch (StoreException)
        {
            cluster.Trace.Add("did not read its orders", node.Machine);
        }
    }

    /// <summary>Leaves in order: gives back what waits, lets what runs finish for a while, hands over the rest, and ends.</summary>
    public void Leave(TimeSpan within)
    {
        if (!_isLeaving && Apply(new DrainOrdered()))
        {
            _isLeaving = true;
            cluster.Trace.Add("is drained", node.Machine);
            node.Begin(() => LeaveAsync(within));
        }
    }

    private async Task LeaveAsync(TimeSpan within)
    {
        node.Post(new DrainStarted());
        if (!await WaitUntilIdleAsync(within))
        {
            _isHandingOver = true;
            await RenewOnceAsync();
            node.Post(new DrainEnded());
            if (!await WaitUntilIdleAsync(TimeSpan.FromSeconds(3)))
            {
                node.Driver.GiveUpRunning();
                node.Post(new HandOverEnded());
                await WaitUntilIdleAsync(EndTimeout);
            }
        }

        if (node.Driver.IsIdle)
        {
            await EndAsync();
        }

        // Whoever could not leave in order is found gone.
        node.Crash();
    }

    private async Task EndAsync()
    {
        _isSayingSo = true; // a renewal that is on its way may find this life ended
        var end = new NodeEnd { Incarnation = node.Incarnation, Phase = NodePhase.Left, IsProvedGone = true };
        for (var until = node.Monotonic + EndTimeout; node.Monotonic < until;)
        {
            try
            {
                await node.AskAsync(store => store.EndNodeAsync(end, default));
                _hasLeft = true;
                return;
            }
            catch (StoreException)
            {
                await node.WaitAsync(LookInterval);
            }
        }

        cluster.Trace.Add("left unheard", node.Machine);
    }

    private async Task<bool> WaitUntilIdleAsync(TimeSpan limit)
    {
        for (var until = node.Monotonic + limit; !node.Driver.IsIdle;)
        {
            if (node.Monotonic >= until)
            {
                return false;
            }

            await node.WaitAsync(LookInterval);
        }

        return true;
    }

    /// <summary>Lets a node that is let back use more slots as time passes.</summary>
    private void WatchReturn()
    {
        if (_returnedAt is { } since)
        {
            SetSlots(SlowReturn.Slots(node.Slots, node.Monotonic - since, cluster.Quarantine.ReturnStep));
            _returnedAt = _slotLimit is null ? null : since;
        }
    }

    private void SetSlots(int? slots)
    {
        if (slots != _slotLimit)
        {
            _slotLimit = slots;
            cluster.Invariants.SlotsLimited(node.Incarnation, slots);
            node.Post(new IntakeChanged(slots));
        }
    }
}
