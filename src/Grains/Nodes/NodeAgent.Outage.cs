using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Nodes;

/// <content>Going on without the store, while nobody has it.</content>
internal sealed partial class NodeAgent
{
    /// <summary>How often within a lease the node looks whether it is about to lose it.</summary>
    private const int OutageLooksPerLease = 10;

    /// <summary>
    /// What the peers' words are worth. A peer that cannot reach the store condemns nobody for one full lease after it can again
    /// (<see cref="FailureDetection.CondemnationGuard"/>): so until one lease from before they were asked nobody takes over.
    /// </summary>
    private readonly Lease _outage;
    private readonly PeriodicLoop _outages;
    private bool _isGoingOn;

    /// <summary>From when on before the lease's end the peers are asked: late enough for them to have noticed, early enough to ask twice.</summary>
    private TimeSpan OutageNotice => _options.LeaseLength / 5;

    /// <summary>Asks the peers, when the lease or what they said last is about to end, whether they have lost the store as well.</summary>
    /// <remarks>Once it has ended nobody is asked: this process stood still, others may have taken over, and nodes may have joined that it does not know.</remarks>
    internal async Task WatchOutageAsync(CancellationToken cancellationToken)
    {
        var asked = _clock.Now;
        lock (_lock)
        {
            var mayRun = _lease.IsHeld(asked) || _outage.IsHeld(asked);
            if (!mayRun || _isLost || _state.IsEnded || IsStuck || _unusable is not null || _lease.Remaining(asked) > OutageNotice)
            {
                return;
            }
        }

        var finding = OutagePlan.Decide(await _peers.AskAsync(OutageNotice, cancellationToken), _store.Description.IsOfOneMachine);
        if (finding.MayGoOn)
        {
            GoOn(asked, finding.Reason);
        }
        else
        {
            LogGoesOnNoMore(_node.Name, _node.Incarnation, finding.Reason);
        }
    }

    private void GoOn(TimeSpan asked, string reason)
    {
        lock (_lock)
        {
            if (_isLost || _state.IsEnded || _lease.Remaining(_clock.Now) > OutageNotice)
            {
                return;
            }

            _outage.Renew(asked);
            _pipeline.Post(new OutageShared(_outage.End!.Value));
            ArmLeaseTimer();
            if (_isGoingOn)
            {
                return;
            }

            _isGoingOn = true;
        }

        LogGoesOn(_node.Name, _node.Incarnation, reason);
    }

    /// <summary>Takes note that the store has answered again.</summary>
    /// <returns>Whether the lease had ended meanwhile and what ran went on.</returns>
    private bool EndOutage()
    {
        if (!_lease.IsHeld(_clock.Now))
        {
            return false;
        }

        _outage.GiveUp();
        var hasGoneOn = _isGoingOn && !_isLost;
        _isGoingOn = false;
        return hasGoneOn;
    }
}
