using FaultTolerance.Grains.Orders;
using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Nodes;

/// <content>Being kept from work, and coming back to it slowly.</content>
internal sealed partial class NodeAgent
{
    private readonly QuarantineOptions _quarantine;
    private TimeSpan? _returnedAt;
    private int? _slotLimit;
    private bool _isHeldBack;

    /// <summary>Takes no work until <see cref="Admit"/>: it is not known yet whether there is an order against it.</summary>
    internal void HoldBack()
    {
        lock (_lock)
        {
            _isHeldBack = true;
            SetSlots(0);
        }
    }

    /// <summary>Takes work, if it was only held back. A repeat changes nothing.</summary>
    internal void Admit()
    {
        lock (_lock)
        {
            if (!_isHeldBack)
            {
                return;
            }

            _isHeldBack = false;
            if (_state.Phase != NodePhase.Quarantined)
            {
                SetSlots(null);
            }
        }
    }

    /// <summary>Takes no more work. What runs goes on.</summary>
    internal async Task QuarantineAsync(NodeOrder order, CancellationToken cancellationToken)
    {
        if (!Apply(new QuarantineOrdered()))
        {
            return;
        }

        lock (_lock)
        {
            _returnedAt = null;
            SetSlots(0);
        }

        LogQuarantined(_node.Name, _node.Incarnation, order.Reason);
        _events.OnNodeQuarantined(_node.Info, order);
        await TryRenewAsync(cancellationToken);
    }

    /// <summary>Takes work again: a little at first.</summary>
    internal async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (!Apply(new QuarantineLifted()))
        {
            return;
        }

        lock (_lock)
        {
            _returnedAt = _clock.Now;
        }

        WatchReturn();
        LogReleased(_node.Name, _node.Incarnation, _quarantine.ReturnStep);
        _events.OnNodeReleased(_node.Info);
        await TryRenewAsync(cancellationToken);
    }

    /// <summary>Lets the node use more slots as time passes. Called at each renewal.</summary>
    private void WatchReturn()
    {
        lock (_lock)
        {
            if (_returnedAt is not { } since)
            {
                return;
            }

            SetSlots(SlowReturn.Slots(_node.Info.Slots, _clock.Now - since, _quarantine.ReturnStep));
            _returnedAt = _slotLimit is null ? null : since;
        }
    }

    private void SetSlots(int? slots)
    {
        if (slots != _slotLimit)
        {
            _slotLimit = slots;
            _pipeline.Post(new IntakeChanged(slots));
        }
    }
}
