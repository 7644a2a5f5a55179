using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.InMemory;

/// <content>What a store is asked beside the batches of writes.</content>
internal sealed partial class InMemoryEngine
{
    public Task<IReadOnlyList<TaskRow>> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken) =>
        Do(() => _tasks.Claim(claim, Now), cancellationToken);

    public Task<IReadOnlyList<TaskRow>> ReadAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<TaskRow>>(() => [.. ids.Select(_tasks.Find).OfType<TaskRow>()], cancellationToken);

    public Task<IReadOnlyList<TaskRow>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        Do(() => _tasks.List(query), cancellationToken);

    public Task<IReadOnlyDictionary<TaskPhase, long>> CountAsync(CancellationToken cancellationToken) =>
        Do(_tasks.Count, cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => Do(_tasks.NextDue, cancellationToken);

    public Task<IReadOnlyList<NodeIncarnation>> ListOwnersAsync(CancellationToken cancellationToken) =>
        Do(_tasks.Owners, cancellationToken);

    public Task<byte[]?> ReadPartsAsync(TaskId id, long token, CancellationToken cancellationToken) =>
        Do(() => _tasks.Parts(id, token), cancellationToken);

    public Task<TaskEdges> ReadEdgesAsync(TaskId id, CancellationToken cancellationToken) =>
        Do(() => _tasks.Edges.Read(id), cancellationToken);

    public Task<IReadOnlyList<TaskId>> ResolveEdgesAsync(IReadOnlyList<TaskId> finished, CancellationToken cancellationToken) =>
        Do(() => _tasks.Edges.Resolve(finished), cancellationToken);

    public Task LookAtDependenciesAsync(IReadOnlyList<TaskId> dependents, CancellationToken cancellationToken) =>
        Do(() =>
        {
            _tasks.LookAt(dependents);
            return true;
        }, cancellationToken);

    public Task<IReadOnlyList<TaskId>> WakeAsync(IReadOnlyList<TaskId> dependents, long token, CancellationToken cancellationToken) =>
        Do(() => _tasks.Wake(dependents, token, Now), cancellationToken);

    public Task<int> PurgeAsync(TaskPhase phase, DateTimeOffset finishedBefore, int limit, CancellationToken cancellationToken) =>
        Do(() => _tasks.Purge(phase, finishedBefore, limit), cancellationToken);

    public Task<bool> RegisterNodeAsync(NodeRow row, TimeSpan lease, CancellationToken cancellationToken) =>
        Do(() => _nodes.Register(row, lease, Now), cancellationToken);

    public Task<bool> RenewLeaseAsync(LeaseRenewal renewal, CancellationToken cancellationToken) =>
        Do(() => _nodes.Renew(renewal, Now), cancellationToken);

    public Task<bool> EndNodeAsync(NodeEnd end, CancellationToken cancellationToken) =>
        Do(() => _nodes.End(end, Now), cancellationToken);

    public Task<bool> MarkRecoveredAsync(NodeIncarnation incarnation, CancellationToken cancellationToken) =>
        Do(() => _nodes.MarkRecovered(incarnation, Now), cancellationToken);

    public Task<IReadOnlyList<NodeRow>> ListNodesAsync(int limit, CancellationToken cancellationToken) =>
        Do(() => _nodes.List(limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeRow>> ListCurrentNodesAsync(DateTimeOffset endedSince, int limit, CancellationToken cancellationToken) =>
        Do(() => _nodes.ListCurrent(endedSince, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeRow>> ReadNodesAsync(IReadOnlyList<NodeIncarnation> incarnations, CancellationToken cancellationToken) =>
        Do(() => _nodes.Read(incarnations), cancellationToken);

    public Task<int> PurgeNodesAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        Do(() => _nodes.Purge(endedBefore, limit), cancellationToken);

    public Task<bool> AddEventAsync(EventRow row, CancellationToken cancellationToken) =>
        Do(() => _events.Add(row, Now), cancellationToken);

    public Task<bool> UpdateEventAsync(EventRow row, long ifToken, CancellationToken cancellationToken) =>
        Do(() => _events.Update(row, ifToken), cancellationToken);

    public Task<EventRow?> ReadEventAsync(string key, CancellationToken cancellationToken) =>
        Do(() => _events.Read(key), cancellationToken);

    public Task<IReadOnlyList<EventRow>> ListEventsAsync(string? kind, int limit, CancellationToken cancellationToken) =>
        Do(() => _events.List(kind, limit), cancellationToken);

    public Task<IReadOnlyList<EventRow>> ListEventsAfterAsync(string kind, DateTimeOffset at, string? key, int limit, CancellationToken cancellationToken) =>
        Do(() => _events.ListAfter(kind, at, key, limit), cancellationToken);

    public Task<int> PurgeEventsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Do(() => _events.Purge(before, limit), cancellationToken);
}
