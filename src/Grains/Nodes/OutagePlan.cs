namespace FaultTolerance.Grains.Nodes;

/// <summary>Decides whether a node that cannot reach the store may outlast its lease, as a pure function of what its peers say.</summary>
/// <remarks>
/// It may while nobody could take over: every peer has lost the store as well, or is proved gone. One that gives no answer may be
/// cut off from this node only, and take over at the lease's end: to go on then would let attempts overlap (invariant 3). A node
/// without peers goes on.
/// </remarks>
internal static class OutagePlan
{
    public static OutageFinding Decide(IReadOnlyCollection<PeerWord> peers)
    {
        var able = peers.Where(peer => peer.Standing is PeerStanding.ReachesStore or PeerStanding.Silent).OrderBy(peer => peer.Standing).ToList();
        if (able is [var first, ..])
        {
            return new(false, first.Standing == PeerStanding.ReachesStore
                ? $"Node {first.Node} reaches the store."
                : $"Node {first.Node} does not answer, and may reach the store.");
        }

        var lost = peers.Count(peer => peer.Standing == PeerStanding.LostStore);
        return new(true, lost == 0 ? "No other node is there to take over." : $"No other node can take over: {lost} cannot reach it either.");
    }
}
