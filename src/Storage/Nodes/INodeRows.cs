namespace FaultTolerance.Storage.Nodes;

/// <summary>The rows of nodes and their leases. The store is the arbiter of who is alive.</summary>
public interface INodeRows
{
    /// <summary>Inserts a life with a lease that ends <paramref name="lease"/> from the store's now.</summary>
    /// <returns>True when the life is registered now or was by the same call before; false when this incarnation is another node's or has ended.</returns>
    Task<bool> RegisterNodeAsync(NodeRow row, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Renews the lease of a life that has not ended, and sets its phase and info.</summary>
    /// <remarks>
    /// Goes past every queue of other writes: a busy store must not look like a dead node. One that comes after a renewal of a larger
    /// <see cref="LeaseRenewal.Sequence"/>, since it was stuck on its way, changes nothing: what it says is no longer so. A repeat is taken.
    /// </remarks>
    /// <returns>False when the life has ended: its node must stop at once.</returns>
    Task<bool> RenewLeaseAsync(LeaseRenewal renewal, CancellationToken cancellationToken);

    /// <summary>Ends a life, if it has not ended and either its lease has ended or it is proved gone.</summary>
    /// <returns>True for the one caller whose write ended it.</returns>
    Task<bool> EndNodeAsync(NodeEnd end, CancellationToken cancellationToken);

    /// <summary>Records that the work of a dead life is recovered.</summary>
    /// <returns>True for the one caller whose write recorded it.</returns>
    Task<bool> MarkRecoveredAsync(NodeIncarnation incarnation, CancellationToken cancellationToken);

    /// <summary>Returns lives, newest first: all that have not ended, and of those that have the newest.</summary>
    /// <param name="limit">How many rows at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<NodeRow>> ListNodesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Returns the lives that somebody has to do with, newest first: all that have not ended, dead ones that are not recovered, and those that ended of late.</summary>
    /// <remarks>Cheap however long the history is. Where the limit cuts, those that have not ended come first, then the unrecovered, then those that ended last.</remarks>
    /// <param name="endedSince">From when on a life has ended of late, in the store's time.</param>
    /// <param name="limit">How many rows at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<NodeRow>> ListCurrentNodesAsync(DateTimeOffset endedSince, int limit, CancellationToken cancellationToken);

    /// <summary>Returns these lives, in no order; those that are not there are left out.</summary>
    Task<IReadOnlyList<NodeRow>> ReadNodesAsync(IReadOnlyList<NodeIncarnation> incarnations, CancellationToken cancellationToken);

    /// <summary>Deletes lives that ended before a time and, if dead, are recovered.</summary>
    Task<int> PurgeNodesAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken);
}
