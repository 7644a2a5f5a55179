namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Says whether the end of others' leases may be held against them: only if they could have renewed them.</summary>
/// <remarks>
/// While the store is away nobody can renew, so for one full lease after it is back every lease may have ended without fault.
/// The node tells by its own renewals: a gap between two of them means that the store, or this very process, stood still. So
/// does a node that has just started, and so does a step of the store's clock: leases that were written before it are told in
/// another time. What is proved gone needs no such care.
/// </remarks>
/// <param name="lease">The length of the lease.</param>
internal sealed class CondemnationGuard(TimeSpan lease)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _gap = lease / 2;
    private TimeSpan? _lastRenewal;
    private TimeSpan _steadySince;
    private int _clockSteps;

    /// <summary>Says that this node's own lease was renewed.</summary>
    /// <param name="now">When the answer came, on a monotonic clock.</param>
    public void Renewed(TimeSpan now)
    {
        lock (_lock)
        {
            if (!IsSteady(now))
            {
                _steadySince = now;
            }

            _lastRenewal = now;
        }
    }

    /// <summary>Returns whether a node whose lease has ended by now has had its chance.</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="clockSteps">How often the store's clock has been moved; read after the store's time that leases are compared with.</param>
    public bool MayCondemn(TimeSpan now, int clockSteps)
    {
        lock (_lock)
        {
            if (clockSteps != _clockSteps)
            {
                (_clockSteps, _steadySince) = (clockSteps, now);
            }

            return IsSteady(now) && now - _steadySince >= lease;
        }
    }

    /// <summary>Returns whether this node cannot reach the store, and so condemns nobody for at least one lease from now.</summary>
    public bool IsCutOff(TimeSpan now)
    {
        lock (_lock)
        {
            return !IsSteady(now);
        }
    }

    private bool IsSteady(TimeSpan now) => now - _lastRenewal <= _gap;
}
