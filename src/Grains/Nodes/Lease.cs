namespace FaultTolerance.Grains.Nodes;

/// <summary>The node's own count of its lease, on a monotonic clock.</summary>
/// <remarks>
/// The store counts a lease from when it commits the renewal. The node counts from before the renewal was sent, which is
/// earlier: so it always stops before others may start, whatever either clock shows (Gray and Cheriton, "Leases", SOSP 1989).
/// </remarks>
/// <param name="length">The length of the lease.</param>
internal sealed class Lease(TimeSpan length)
{
    /// <summary>Gets when the lease ends unless it is renewed; null when it was given up, or never held.</summary>
    public TimeSpan? End { get; private set; }

    /// <summary>Takes the store's word that a renewal is committed. An answer that arrives late shortens nothing.</summary>
    /// <param name="sent">When that renewal was sent.</param>
    public void Renew(TimeSpan sent)
    {
        var end = sent + length;
        End = End > end ? End : end;
    }

    /// <summary>Gives the lease up: this life is over.</summary>
    public void GiveUp() => End = null;

    public bool IsHeld(TimeSpan now) => now < End;

    /// <summary>Returns how long the lease still runs unless it is renewed; zero when it is not held.</summary>
    public TimeSpan Remaining(TimeSpan now) => IsHeld(now) ? End!.Value - now : TimeSpan.Zero;
}
