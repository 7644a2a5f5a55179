using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>An engine around another one. What a subclass does not change goes through as it is.</summary>
internal abstract class EngineDecorator(IStorageEngine inner) : IStorageEngine
{
    public virtual string Name => inner.Name;

    public virtual int WriteLanes => inner.WriteLanes;

    protected IStorageEngine Inner => inner;

    public virtual Task<StoreDescription> InitializeAsync(CancellationToken cancellationToken) => inner.InitializeAsync(cancellationToken);

    public virtual Task<DateTimeOffset> ReadTimeAsync(CancellationToken cancellationToken) => inner.ReadTimeAsync(cancellationToken);

    public virtual Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken) =>
        inner.CommitTasksAsync(writes, cancellationToken);

    public virtual Task<IReadOnlyList<bool>> CommitStatesAsync(IReadOnlyList<GrainStateWrite> writes, CancellationToken cancellationToken) =>
        inner.CommitStatesAsync(writes, cancellationToken);

    public virtual Task<IReadOnlyList<TaskRow>> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken) =>
        inner.ClaimAsync(claim, cancellationToken);

    public virtual Task<IReadOnlyList<TaskRow>> ReadAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken) =>
        inner.ReadAsync(ids, cancellationToken);

    public virtual Task<IReadOnlyList<TaskRow>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        inner.ListAsync(query, cancellationToken);

    public virtual Task<IReadOnlyDictionary<TaskPhase, long>> CountAsync(CancellationToken cancellationToken) =>
        inner.CountAsync(cancellationToken);

    public virtual Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => inner.NextDueAsync(cancellationToken);

    public virtual Task<IReadOnlyList<NodeIncarnation>> ListOwnersAsync(CancellationToken cancellationToken) =>
        inner.ListOwnersAsync(cancellationToken);

    public virtual Task<byte[]?> ReadPartsAsync(TaskId id, long token, CancellationToken cancellationToken) =>
        inner.ReadPartsAsync(id, token, cancellationToken);

    public virtual Task<TaskEdges> ReadEdgesAsync(TaskId id, CancellationToken cancellationToken) =>
        inner.ReadEdgesAsync(id, cancellationToken);

    public virtual Task<IReadOnlyList<TaskId>> ResolveEdgesAsync(IReadOnlyList<TaskId> finished, CancellationToken cancellationToken) =>
        inner.ResolveEdgesAsync(finished, cancellationToken);

    public virtual Task LookAtDependenciesAsync(IReadOnlyList<TaskId> dependents, CancellationToken cancellationToken) =>
        inner.LookAtDependenciesAsync(dependents, cancellationToken);

    public virtual Task<IReadOnlyList<TaskId>> WakeAsync(IReadOnlyList<TaskId> dependents, long token, CancellationToken cancellationToken) =>
        inner.WakeAsync(dependents, token, cancellationToken);

    public virtual Task<int> PurgeAsync(TaskPhase phase, DateTimeOffset finishedBefore, int limit, CancellationToken cancellationToken) =>
        inner.PurgeAsync(phase, finishedBefore, limit, cancellationToken);

    public virtual Task<bool> RegisterNodeAsync(NodeRow row, TimeSpan lease, CancellationToken cancellationToken) =>
        inner.RegisterNodeAsync(row, lease, cancellationToken);

    public virtual Task<bool> RenewLeaseAsync(LeaseRenewal renewal, CancellationToken cancellationToken) =>
        inner.RenewLeaseAsync(renewal, cancellationToken);

    public virtual Task<bool> EndNodeAsync(NodeEnd end, CancellationToken cancellationToken) => inner.EndNodeAsync(end, cancellationToken);

    public virtual Task<bool> MarkRecoveredAsync(NodeIncarnation incarnation, CancellationToken cancellationToken) =>
        inner.MarkRecoveredAsync(incarnation, cancellationToken);

    public virtual Task<IReadOnlyList<NodeRow>> ListNodesAsync(int limit, CancellationToken cancellationToken) =>
        inner.ListNodesAsync(limit, cancellationToken);

    public virtual Task<IReadOnlyList<NodeRow>> ListCurrentNodesAsync(DateTimeOffset endedSince, int limit, CancellationToken cancellationToken) =>
        inner.ListCurrentNodesAsync(endedSince, limit, cancellationToken);

    public virtual Task<IReadOnlyList<NodeRow>> ReadNodesAsync(IReadOnlyList<NodeIncarnation> incarnations, CancellationToken cancellationToken) =>
        inner.ReadNodesAsync(incarnations, cancellationToken);

    public virtual Task<int> PurgeNodesAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        inner.PurgeNodesAsync(endedBefore, limit, cancellationToken);

    public virtual Task<bool> AddEventAsync(EventRow row, CancellationToken cancellationToken) => inner.AddEventAsync(row, cancellationToken);

    public virtual Task<bool> UpdateEventAsync(EventRow row, long ifToken, CancellationToken cancellationToken) =>
        inner.UpdateEventAsync(row, ifToken, cancellationToken);

    public virtual Task<EventRow?> ReadEventAsync(string key, CancellationToken cancellationToken) => inner.ReadEventAsync(key, cancellationToken);

    public virtual Task<IReadOnlyList<EventRow>> ListEventsAsync(string? kind, int limit, CancellationToken cancellationToken) =>
        inner.ListEventsAsync(kind, limit, cancellationToken);

    public virtual Task<IReadOnlyList<EventRow>> ListEventsAfterAsync(string kind, DateTimeOffset at, string? key, int limit, CancellationToken cancellationToken) =>
        inner.ListEventsAfterAsync(kind, at, key, limit, cancellationToken);

    public virtual Task<int> PurgeEventsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        inner.PurgeEventsAsync(before, limit, cancellationToken);

    public virtual Task<GrainStateRow?> ReadStateAsync(string key, CancellationToken cancellationToken) =>
        inner.ReadStateAsync(key, cancellationToken);

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();
}
