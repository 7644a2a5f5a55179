using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing;

/// <content>What an engine is asked beside the batches of writes.</content>
public sealed partial class FaultyEngine
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(ClaimAsync), cancel => inner.ClaimAsync(claim, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> ReadAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadAsync), cancel => inner.ReadAsync(ids, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRow>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListAsync), cancel => inner.ListAsync(query, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<TaskPhase, long>> CountAsync(CancellationToken cancellationToken) =>
        AskAsync(nameof(CountAsync), inner.CountAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        AskAsync(nameof(NextDueAsync), inner.NextDueAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeIncarnation>> ListOwnersAsync(CancellationToken cancellationToken) =>
        AskAsync(nameof(ListOwnersAsync), inner.ListOwnersAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]?> ReadPartsAsync(TaskId id, long token, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadPartsAsync), cancel => inner.ReadPartsAsync(id, token, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<TaskEdges> ReadEdgesAsync(TaskId id, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadEdgesAsync), cancel => inner.ReadEdgesAsync(id, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskId>> ResolveEdgesAsync(IReadOnlyList<TaskId> finished, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(ResolveEdgesAsync), cancel => inner.ResolveEdgesAsync(finished, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task LookAtDependenciesAsync(IReadOnlyList<TaskId> dependents, CancellationToken cancellationToken) =>
        ChangeAsync(
            nameof(LookAtDependenciesAsync),
            async cancel =>
            {
                await inner.LookAtDependenciesAsync(dependents, cancel);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskId>> WakeAsync(IReadOnlyList<TaskId> dependents, long token, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(WakeAsync), cancel => inner.WakeAsync(dependents, token, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<int> PurgeAsync(TaskPhase phase, DateTimeOffset finishedBefore, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(PurgeAsync), cancel => inner.PurgeAsync(phase, finishedBefore, limit, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RegisterNodeAsync(NodeRow row, TimeSpan lease, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(RegisterNodeAsync), cancel => inner.RegisterNodeAsync(row, lease, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RenewLeaseAsync(LeaseRenewal renewal, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(RenewLeaseAsync), cancel => inner.RenewLeaseAsync(renewal, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> EndNodeAsync(NodeEnd end, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(EndNodeAsync), cancel => inner.EndNodeAsync(end, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> MarkRecoveredAsync(NodeIncarnation incarnation, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(MarkRecoveredAsync), cancel => inner.MarkRecoveredAsync(incarnation, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeRow>> ListNodesAsync(int limit, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListNodesAsync), cancel => inner.ListNodesAsync(limit, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeRow>> ListCurrentNodesAsync(DateTimeOffset endedSince, int limit, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListCurrentNodesAsync), cancel => inner.ListCurrentNodesAsync(endedSince, limit, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeRow>> ReadNodesAsync(IReadOnlyList<NodeIncarnation> incarnations, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadNodesAsync), cancel => inner.ReadNodesAsync(incarnations, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<int> PurgeNodesAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(PurgeNodesAsync), cancel => inner.PurgeNodesAsync(endedBefore, limit, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddEventAsync(EventRow row, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(AddEventAsync), cancel => inner.AddEventAsync(row, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> UpdateEventAsync(EventRow row, long ifToken, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(UpdateEventAsync), cancel => inner.UpdateEventAsync(row, ifToken, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<EventRow?> ReadEventAsync(string key, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadEventAsync), cancel => inner.ReadEventAsync(key, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EventRow>> ListEventsAsync(string? kind, int limit, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListEventsAsync), cancel => inner.ListEventsAsync(kind, limit, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EventRow>> ListEventsAfterAsync(string kind, DateTimeOffset at, string? key, int limit, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListEventsAfterAsync), cancel => inner.ListEventsAfterAsync(kind, at, key, limit, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<int> PurgeEventsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(PurgeEventsAsync), cancel => inner.PurgeEventsAsync(before, limit, cancel), cancellationToken);

    /// <inheritdoc/>
    public Task<GrainStateRow?> ReadStateAsync(string key, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadStateAsync), cancel => inner.ReadStateAsync(key, cancel), cancellationToken);
}
