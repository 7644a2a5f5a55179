namespace FaultTolerance.Grains.Nodes;

/// <summary>The node's own count of its lease, on a monotonic clock.</summary>
/// <remarks>
/// The store counts a lease from when it commits the renewal. The node counts from before the renewal was sent, which is
/// earlier: so it always stops before others may start, whatever either clock shows (Gray and Cheriton, "Leases", SOSP 1989).
/// </remarks>
/// <param name="length">The length of the lease.</param>
internal sealed class Lease(TimeSpan length)
{
    private TimeSpan? _end;

    /// <summary>Takes the store's word that a renewal is committed. An answer that arrives late shortens nothing.</summary>
    /// <param name="sent">When that renewal was sent.</param>
    public void Renew(TimeSpan sent)
    {
        var end = sent + length;
        _end = _end > end ? _end : end;
    }

    /// <summary>Gives the lease up: this life is over.</summary>
    public void End() => _end = null;

    public bool IsHeld(TimeSpan now) => now < _end;

    /// <summary>Returns how long the lease still runs unless it is renewed; zero when it is not held.</summary>
    public TimeSpan Remaining(TimeSpan now) => IsHeld(now) ? _end!.Value - now : TimeSpan.Zero;
}
