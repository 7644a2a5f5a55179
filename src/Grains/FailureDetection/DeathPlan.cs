using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Decides which lives of nodes are to end, as a pure function of what the store shows and what is proved.</summary>
/// <remarks>
/// A successor may start when the lease has ended, or at once when the process is proved gone. Nothing else counts: neither a
/// suspicion nor Orleans' eviction, for an evicted silo runs on. And the store has the last word: its conditional write looks
/// at the lease again, by its own clock.
/// </remarks>
internal static class DeathPlan
{
    /// <summary>Returns the lives that are to end now.</summary>
    /// <param name="nodes">The nodes as the store shows them.</param>
    /// <param name="self">This node's own life: it never condemns itself.</param>
    /// <param name="proofs">What is known of processes.</param>
    /// <param name="mayCondemn">Whether ended leases may be held against their nodes (<see cref="CondemnationGuard"/>).</param>
    /// <param name="now">The store's time.</param>
    public static IEnumerable<DeathSentence> Decide(
        IEnumerable<KnownNode> nodes,
        NodeIncarnation self,
        IReadOnlyDictionary<NodeIncarnation, ProcessProof> proofs,
        bool mayCondemn,
        DateTimeOffset now)
    {
        foreach (var node in nodes.Where(node => node.IsLiving && node.Incarnation != self))
        {
            var proof = proofs.GetValueOrDefault(node.Incarnation, ProcessProof.None);
            if (proof.IsGone)
            {
                yield return new DeathSentence(node, true, proof.Evidence);
            }
            else if (mayCondemn && node.Row.LeaseEnds <= now)
            {
                yield return new DeathSentence(node, false, $"Its lease ended at {node.Row.LeaseEnds:O} and was not renewed. {proof.Evidence}");
            }
        }
    }

    /// <summary>Returns whether a node is late enough that a connection to it is worth trying.</summary>
    /// <param name="node">The node.</param>
    /// <param name="lease">The length of the lease.</param>
    /// <param name="now">The store's time.</param>
    public static bool IsLate(KnownNode node, TimeSpan lease, DateTimeOffset now) => node.Row.LeaseEnds - now < lease / 2;

    /// <summary>Returns the life that has taken a node's port, if one has.</summary>
    public static ProcessProof FindSuccessor(KnownNode node, IEnumerable<KnownNode> nodes) => nodes
        .Select(other => ProcessProof.OfSuccessor(node.Info, other.Info))
        .FirstOrDefault(proof => proof.IsGone, ProcessProof.None);
}
