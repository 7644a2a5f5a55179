namespace FaultTolerance.Grains.Recovery;

/// <summary>How far the walk over an owner's attempts has come. It is over when a whole pass has found nothing left.</summary>
/// <param name="After">The task after which the next page starts; null at the start of a pass.</param>
/// <param name="InPass">How many attempts this pass has recovered.</param>
/// <param name="Total">How many attempts were recovered in all.</param>
/// <param name="IsOver">Whether nothing is left.</param>
internal sealed record OwnerWalk(TaskId? After, int InPass, int Total, bool IsOver)
{
    /// <summary>Gets the walk before its first page.</summary>
    public static OwnerWalk Start { get; } = new(null, 0, 0, false);

    /// <summary>Returns the walk after one page.</summary>
    /// <param name="last">The last task of the page; null when it was empty.</param>
    /// <param name="isFull">Whether more may follow in this pass.</param>
    /// <param name="recovered">How many of its attempts were recovered.</param>
    public OwnerWalk Next(TaskId? last, bool isFull, int recovered) => isFull
        ? new OwnerWalk(last, InPass + recovered, Total + recovered, false)
        : new OwnerWalk(null, 0, Total + recovered, InPass + recovered == 0);
}
