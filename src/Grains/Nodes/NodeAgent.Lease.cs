using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Nodes;

/// <content>What the node does about its lease between renewals: tells the pipeline, and stops it at the end.</content>
internal sealed partial class NodeAgent
{
    /// <summary>Tells the pipeline until when it may go on. It stops by itself then: a process that was frozen can be told nothing.</summary>
    private void TellLease()
    {
        if (_state.Phase != NodePhase.Joining && _lease.IsHeld(_clock.Now))
        {
            _pipeline.Post(new LeaseChanged(true, _lease.End));
        }
    }

    private void ArmLeaseTimer()
    {
        var (own, shared) = (_lease.Remaining(_clock.Now), _outage.Remaining(_clock.Now));
        _leaseTimer.Change(own > shared ? own : shared, Timeout.InfiniteTimeSpan);
    }

    private void CheckLease()
    {
        lock (_lock)
        {
            if (_isLost || _state.IsEnded)
            {
                return;
            }

            if (_lease.IsHeld(_clock.Now) || _outage.IsHeld(_clock.Now))
            {
                ArmLeaseTimer();
                return;
            }

            _isLost = true;
            _pipeline.Post(new LeaseChanged(false));
        }

        LogLeaseLost(_node.Name, _node.Incarnation, _options.LeaseLength);
        _events.OnLeaseLost(_node.Info);
        EndIfStuck();
    }

    /// <summary>Ends the process once the lease is lost to a pipeline that takes no turns, which cannot be fenced, for it does not listen, or to a store that cannot be used.</summary>
    /// <remarks>Asked at each renewal, too: it may stop listening only after the lease was lost, or be found out only then.</remarks>
    private void EndIfStuck()
    {
        if (!_isLost || _state.IsEnded)
        {
            return;
        }

        if (IsStuck)
        {
            _processEnd.End($"The pipeline of node {_node.Name} has taken no turn for {_watch.Unanswered}, and the lease has ended.");
        }
        else if (_unusable is { } cause)
        {
            // No waiting mends such a store. Whoever starts the process again is told at the start what is wrong with it.
            _processEnd.End($"The store of node {_node.Name} cannot be used, and the lease has ended. {cause.Message}");
        }
    }

    private void EndByOthers()
    {
        Fence();
        LogFenced(_node.Name, _node.Incarnation);
        if (!_isLost)
        {
            _events.OnLeaseLost(_node.Info);
        }

        _processEnd.End($"Life {_node.Incarnation} of node {_node.Name} was ended by others: its lease had run out, or it was taken for gone.");
    }
}
