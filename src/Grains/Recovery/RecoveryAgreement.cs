using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Refuses to start a node beside living ones that divide recovery among another number of shards.</summary>
/// <remarks>
/// Which shard recovers a node each silo computes from its own number: with two numbers in one cluster some of the dead would be recovered by two
/// shards, which is harmless, and others by none. It is looked at after this node has registered, so that of two that start at once one sees the other.
/// </remarks>
internal sealed class RecoveryAgreement(IDurableStore store, NodeDirectory nodes, LocalNode self) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(RecoveryAgreement), NodeStages.Join + 1, CheckAsync);

    /// <exception cref="FaultToleranceException">Another node lives that has another number.</exception>
    internal async Task CheckAsync(CancellationToken cancellationToken)
    {
        var known = nodes.Read(await NodeQueries.ListCurrentAsync(store, cancellationToken));
        if (FindOther(self.Info, known, store.Now) is { } other)
        {
            throw new FaultToleranceException(
                $"Node {self.Name} was not started: its FaultTolerance:Recovery:Shards is {self.Info.RecoveryShards}, and that of node {other.Row.Name}, which is alive, " +
                $"is {other.Info.RecoveryShards}; dead nodes could be recovered by nobody. Give all nodes the same number. To change it stop all of them, and " +
                $"start them again once the leases have ended, which for {other.Row.Name} is at {other.Row.LeaseEnds:O} unless it goes on.");
        }
    }

    /// <summary>Returns a node that this one may not work beside. Of two that start, the older goes on.</summary>
    /// <remarks>One of an older version, which says nothing of shards, is no such node.</remarks>
    internal static KnownNode? FindOther(NodeInfo self, IEnumerable<KnownNode> nodes, DateTimeOffset now) => nodes
        .Where(node => node.IsLiving && node.Row.LeaseEnds > now && node.Incarnation != self.Incarnation)
        .Where(node => node.Row.Phase != NodePhase.Joining || node.Incarnation.CompareTo(self.Incarnation) < 0)
        .FirstOrDefault(node => node.Info.RecoveryShards > 0 && node.Info.RecoveryShards != self.RecoveryShards);
}
