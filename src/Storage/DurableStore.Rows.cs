using FaultTolerance.Storage.Commits;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage;

/// <content>What goes to the engine as it is, repeated where that is safe.</content>
/// <remarks>
/// What lost against another transaction has written nothing and is repeated at once. A read is repeated once on another
/// connection. Beyond that the pace is the caller's: each of these operations has a caller that comes again anyway.
/// </remarks>
internal sealed partial class DurableStore
{
    public Task<IReadOnlyList<TaskRow>> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(ClaimAsync), () => Engine.ClaimAsync(claim, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<TaskRow>> ReadAsync(IReadOnlyList<TaskId> ids, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadAsync), () => Engine.ReadAsync(ids, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<TaskRow>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListAsync), () => Engine.ListAsync(query, cancellationToken), cancellationToken);

    public Task<IReadOnlyDictionary<TaskPhase, long>> CountAsync(CancellationToken cancellationToken) =>
        AskAsync(nameof(CountAsync), () => Engine.CountAsync(cancellationToken), cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        AskAsync(nameof(NextDueAsync), () => Engine.NextDueAsync(cancellationToken), cancellationToken);

    public Task<IReadOnlyList<NodeIncarnation>> ListOwnersAsync(CancellationToken cancellationToken) =>
        AskAsync(nameof(ListOwnersAsync), () => Engine.ListOwnersAsync(cancellationToken), cancellationToken);

    public Task<byte[]?> ReadPartsAsync(TaskId id, long token, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadPartsAsync), () => Engine.ReadPartsAsync(id, token, cancellationToken), cancellationToken);

    public Task<TaskEdges> ReadEdgesAsync(TaskId id, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadEdgesAsync), () => Engine.ReadEdgesAsync(id, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<TaskId>> ResolveEdgesAsync(IReadOnlyList<TaskId> finished, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(ResolveEdgesAsync), () => Engine.ResolveEdgesAsync(finished, cancellationToken), cancellationToken);

    public Task LookAtDependenciesAsync(IReadOnlyList<TaskId> dependents, CancellationToken cancellationToken) =>
        ChangeAsync(
            nameof(LookAtDependenciesAsync),
            async () =>
            {
                await Engine.LookAtDependenciesAsync(dependents, cancellationToken);
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<TaskId>> WakeAsync(IReadOnlyList<TaskId> dependents, long token, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(WakeAsync), () => Engine.WakeAsync(dependents, token, cancellationToken), cancellationToken);

    public Task<int> PurgeAsync(TaskPhase phase, DateTimeOffset finishedBefore, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(PurgeAsync), () => Engine.PurgeAsync(phase, finishedBefore, limit, cancellationToken), cancellationToken);

    public Task<bool> RegisterNodeAsync(NodeRow row, TimeSpan lease, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(RegisterNodeAsync), () => Engine.RegisterNodeAsync(row, lease, cancellationToken), cancellationToken);

    public Task<bool> RenewLeaseAsync(LeaseRenewal renewal, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(RenewLeaseAsync), () => Engine.RenewLeaseAsync(renewal, cancellationToken), cancellationToken);

    public Task<bool> EndNodeAsync(NodeEnd end, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(EndNodeAsync), () => Engine.EndNodeAsync(end, cancellationToken), cancellationToken);

    public Task<bool> MarkRecoveredAsync(NodeIncarnation incarnation, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(MarkRecoveredAsync), () => Engine.MarkRecoveredAsync(incarnation, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<NodeRow>> ListNodesAsync(int limit, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListNodesAsync), () => Engine.ListNodesAsync(limit, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<NodeRow>> ListCurrentNodesAsync(DateTimeOffset endedSince, int limit, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListCurrentNodesAsync), () => Engine.ListCurrentNodesAsync(endedSince, limit, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<NodeRow>> ReadNodesAsync(IReadOnlyList<NodeIncarnation> incarnations, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadNodesAsync), () => Engine.ReadNodesAsync(incarnations, cancellationToken), cancellationToken);

    public Task<int> PurgeNodesAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(PurgeNodesAsync), () => Engine.PurgeNodesAsync(endedBefore, limit, cancellationToken), cancellationToken);

    public Task<bool> AddEventAsync(EventRow row, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(AddEventAsync), () => Engine.AddEventAsync(row, cancellationToken), cancellationToken);

    public Task<bool> UpdateEventAsync(EventRow row, long ifToken, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(UpdateEventAsync), () => Engine.UpdateEventAsync(row, ifToken, cancellationToken), cancellationToken);

    public Task<EventRow?> ReadEventAsync(string key, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadEventAsync), () => Engine.ReadEventAsync(key, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<EventRow>> ListEventsAsync(string? kind, int limit, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListEventsAsync), () => Engine.ListEventsAsync(kind, limit, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<EventRow>> ListEventsAfterAsync(string kind, DateTimeOffset at, string? key, int limit, CancellationToken cancellationToken) =>
        AskAsync(nameof(ListEventsAfterAsync), () => Engine.ListEventsAfterAsync(kind, at, key, limit, cancellationToken), cancellationToken);

    public Task<int> PurgeEventsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(PurgeEventsAsync), () => Engine.PurgeEventsAsync(before, limit, cancellationToken), cancellationToken);

    public Task<GrainStateRow?> ReadStateAsync(string key, CancellationToken cancellationToken) =>
        AskAsync(nameof(ReadStateAsync), () => Engine.ReadStateAsync(key, cancellationToken), cancellationToken);

    private Task<T> AskAsync<T>(string operation, Func<Task<T>> ask, CancellationToken cancellationToken) =>
        RepeatAsync(operation, ask, (failure, repeat) => MayRepeat(failure, repeat) || (failure.Fault == StoreFault.Unreachable && repeat == 0), cancellationToken);

    private Task<T> ChangeAsync<T>(string operation, Func<Task<T>> change, CancellationToken cancellationToken) =>
        RepeatAsync(operation, change, MayRepeat, cancellationToken);

    private async Task<T> RepeatAsync<T>(
        string operation, Func<Task<T>> perform, Func<StoreException, int, bool> mayRepeat, CancellationToken cancellationToken)
    {
        for (var repeat = 0; ; repeat++)
        {
            TimeSpan delay;
            try
            {
                return await perform();
            }
            catch (StoreException failure) when (mayRepeat(failure, repeat))
            {
                LogOperationRepeated(operation, repeat + 1, failure.Fault, failure.Message);
                delay = failure.Fault == StoreFault.Contention ? RepeatDelay.Of(failure, repeat, _chance.NextDouble()) : TimeSpan.Zero;
            }

            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, _timeProvider, cancellationToken);
            }
        }
    }

    private static bool MayRepeat(StoreException failure, int repeat) =>
        failure.Fault == StoreFault.Contention && repeat < RepeatDelay.QuickRepeats;

    [LoggerMessage(StoreEventIds.OperationRepeated, LogLevel.Warning, "{Operation} failed and is repeated, repeat {Repeat}: {Fault}: {Reason}")]
    private partial void LogOperationRepeated(string operation, int repeat, StoreFault fault, string reason);
}
