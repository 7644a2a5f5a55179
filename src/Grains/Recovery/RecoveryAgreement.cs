using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Refuses to start a node beside living ones that divide recovery among another number of shards.</summary>
/// <remarks>
/// Which shard recovers a node each silo computes from its own number: with two numbers in one cluster some of the dead would be recovered by two
/// shards, which is harmless, and others by none. It is looked at after this node has registered, so that of two that start at once one sees the other; where both do,
/// neither goes on.
/// </remarks>
internal sealed class RecoveryAgreement(IDurableStore store, NodeDirectory nodes, IProcessProver prover, LocalNode self) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(RecoveryAgreement), NodeStages.Join + 1, CheckAsync);

    /// <exception cref="FaultToleranceException">Another node lives that has another number.</exception>
    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        var known = nodes.Read(await NodeQueries.ListCurrentAsync(store, cancellationToken));
        foreach (var other in FindOthers(self.Info, known, store.Now))
        {
            if (ProcessProof.OfSuccessor(other.Info, self.Info).IsGone || (await prover.ProveAsync(other.Info, mayConnect: false, cancellationToken)).IsGone)
            {
                continue; // this node's own former life, or another that was killed: its lease is all that is left
            }

            throw new FaultToleranceException(
                $"Node {self.Name} was not started: its FaultTolerance:Recovery:Shards is {self.Info.RecoveryShards}, and that of node {other.Row.Name}, which {(other.Row.Phase == NodePhase.Joining ? "is starting" : "is alive")}, " +
                $"is {other.Info.RecoveryShards}; dead nodes could be recovered by nobody. Give all nodes the same number. To change it stop all of them, and " +
                $"start them again once the leases have ended, which for {other.Row.Name} is at {other.Row.LeaseEnds:O} unless it goes on.");
        }
    }

    /// <summary>Returns the nodes that this one may not work beside, should they live.</summary>
    /// <remarks>One of an older version, which says nothing of shards, is no such node.</remarks>
    internal static IEnumerable<KnownNode> FindOthers(NodeInfo self, IEnumerable<KnownNode> nodes, DateTimeOffset now) => nodes
        .Where(node => node.IsLiving && node.Row.LeaseEnds > now && node.Incarnation != self.Incarnation)
        .Where(node => node.Info.RecoveryShards > 0 && node.Info.RecoveryShards != self.RecoveryShards);
}
