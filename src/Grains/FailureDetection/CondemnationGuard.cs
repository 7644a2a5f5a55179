namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Says whether the end of others' leases may be held against them: only if they could have renewed them.</summary>
/// <remarks>
/// While the store is away nobody can renew, so for one full lease after it is back every lease may have ended without fault.
/// The node tells by its own renewals: a gap between two of them means that the store, or this very process, stood still. So
/// does a node that has just started. What is proved gone needs no such care.
/// </remarks>
/// <param name="lease">The length of the lease.</param>
internal sealed class CondemnationGuard(TimeSpan lease)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _gap = lease / 2;
    private TimeSpan? _lastRenewal;
    private TimeSpan _steadySince;

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
    public bool MayCondemn(TimeSpan now)
    {
        lock (_lock)
        {
            return IsSteady(now) && now - _steadySince >= lease;
        }
    }

    private bool IsSteady(TimeSpan now) => now - _lastRenewal <= _gap;
}
