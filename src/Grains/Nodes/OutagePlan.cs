namespace FaultTolerance.Grains.Nodes;

/// <summary>Decides whether a node that cannot reach the store may outlast its lease, as a pure function of what its peers say.</summary>
/// <remarks>
/// It may while nobody could take over: every peer has lost the store as well, or is proved gone. One that gives no answer may be
/// cut off from this node only, and take over at the lease's end: to go on then would let attempts overlap (invariant 3). A node
/// without peers that have lost it goes on only where no node can join from elsewhere: a new one would be unknown to it, and reach the store.
/// </remarks>
internal static class OutagePlan
{
    /// <summary>Decides.</summary>
    /// <param name="peers">What each peer has said.</param>
    /// <param name="isOfOneMachine">Whether the store can be opened from this machine alone.</param>
    public static OutageFinding Decide(IReadOnlyCollection<PeerWord> peers, bool isOfOneMachine)
    {
        var able = peers.Where(peer => peer.Standing is PeerStanding.ReachesStore or PeerStanding.Silent).OrderBy(peer => peer.Standing).ToList();
        if (able is [var first, ..])
        {
            return new(false, first.Standing == PeerStanding.ReachesStore
                ? $"Node {first.Node} reaches the store."
                : $"Node {first.Node} does not answer, and may reach the store.");
        }

        var lost = peers.Count(peer => peer.Standing == PeerStanding.LostStore);
        return (lost, isOfOneMachine) switch
        {
            (0, true) => new(true, "No other node is there to take over."),
            (0, false) => new(false, "No other node says that it has lost it as well, and a new one may join from elsewhere."),
            _ => new(true, $"No other node can take over: {lost} cannot reach it either."),
        };
    }
}
