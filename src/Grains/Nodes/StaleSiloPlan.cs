using FaultTolerance.Grains.FailureDetection;

namespace FaultTolerance.Grains.Nodes;

/// <summary>Decides what a starting silo does about one that Orleans' table shows as working, as a pure function.</summary>
internal static class StaleSiloPlan
{
    private static readonly StaleSiloVerdict Leave = new("");

    /// <summary>Decides about one silo.</summary>
    /// <param name="node">Its node as the store shows it; null where the store knows none.</param>
    /// <param name="proof">What is known of its process.</param>
    /// <param name="mayCondemn">Whether ended leases may be held against their nodes (<see cref="CondemnationGuard"/>).</param>
    /// <param name="lease">The length of the lease.</param>
    /// <param name="now">The store's time.</param>
    /// <remarks>
    /// One that exists, or accepts connections, and whose lease is fresh is not waited for: so nobody waits who joins a cluster that is well.
    /// It may be frozen all the same. Then those who watch over it find out.
    /// </remarks>
    public static StaleSiloVerdict Decide(KnownNode? node, ProcessProof proof, bool mayCondemn, TimeSpan lease, DateTimeOffset now)
    {
        if (proof.IsGone)
        {
            return new(proof.Evidence) { IsDead = true };
        }

        if (node is null)
        {
            return Leave;
        }

        var isSeen = proof.Fate is ProcessFate.Present or ProcessFate.Listening;
        if (node.Row.Phase == NodePhase.Dead)
        {
            return new($"Its life was ended at {node.Row.Ended:O}. {proof.Evidence}") { IsDead = true };
        }

        if (node.Row.Phase == NodePhase.Left)
        {
            // Its silo may have grains to take down for longer than a lease: it is not to be disturbed in that.
            return isSeen ? Leave : new($"It left at {node.Row.Ended:O}. {proof.Evidence}") { IsDead = proof.Fate == ProcessFate.Refused || mayCondemn, MayTurnOutDead = true };
        }

        if (node.Row.LeaseEnds <= now && mayCondemn)
        {
            var evidence = $"Its lease ended at {node.Row.LeaseEnds:O} and was not renewed. {proof.Evidence}";
            return new(evidence) { Sentence = new DeathSentence(node, false, evidence), MayTurnOutDead = true };
        }

        return isSeen && !DeathPlan.IsLate(node, lease, now) ? Leave : new("") { MayTurnOutDead = true };
    }
}
