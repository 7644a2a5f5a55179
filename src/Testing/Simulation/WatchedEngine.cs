using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Events;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Tells the invariants of every change of a row, as it happens in the store itself.</summary>
internal sealed class WatchedEngine(IStorageEngine inner, SimulationInvariants invariants) : EngineDecorator(inner)
{
    private readonly HashSet<NodeIncarnation> _registered = [];
    private readonly Dictionary<NodeIncarnation, long> _renewed = [];

    public override async Task<IReadOnlyList<TaskWriteResult>> CommitTasksAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken)
    {
        var results = await Inner.CommitTasksAsync(writes, cancellationToken);
        await LookAsync([.. writes.Where((_, i) => results[i].IsApplied).Select(write => write.Id)]);
        return results;
    }

    public override async Task<IReadOnlyList<TaskRow>> ClaimAsync(TaskClaim claim, CancellationToken cancellationToken)
    {
        var rows = await Inner.ClaimAsync(claim, cancellationToken);
        foreach (var row in rows)
        {
            invariants.RowChanged(row);
        }

        return rows;
    }

    public override async Task<IReadOnlyList<TaskId>> WakeAsync(IReadOnlyList<TaskId> dependents, long token, CancellationToken cancellationToken)
    {
        var woken = await Inner.WakeAsync(dependents, token, cancellationToken);
        await LookAsync(woken);
        return woken;
    }

    public override async Task<bool> RegisterNodeAsync(NodeRow row, TimeSpan lease, CancellationToken cancellationToken)
    {
        var isDone = await Inner.RegisterNodeAsync(row, lease, cancellationToken);
        if (isDone && _registered.Add(row.Incarnation))
        {
            invariants.Lives.Renewed(row.Incarnation);
        }

        return isDone;
    }

    public override async Task<bool> RenewLeaseAsync(LeaseRenewal renewal, CancellationToken cancellationToken)
    {
        var isDone = await Inner.RenewLeaseAsync(renewal, cancellationToken);
        if (isDone && renewal.Sequence >= _renewed.GetValueOrDefault(renewal.Incarnation)) // one that was overtaken moves no lease
        {
            _renewed[renewal.Incarnation] = renewal.Sequence;
            invariants.Lives.Renewed(renewal.Incarnation);
        }

        return isDone;
    }

    public override async Task<bool> EndNodeAsync(NodeEnd end, CancellationToken cancellationToken)
    {
        var isDone = await Inner.EndNodeAsync(end, cancellationToken);
        if (isDone)
        {
            invariants.Lives.Ended(end);
        }

        return isDone;
    }

    public override async Task<bool> AddEventAsync(EventRow row, CancellationToken cancellationToken)
    {
        var isNew = await Inner.ReadEventAsync(row.Key, cancellationToken) is null;
        var isDone = await Inner.AddEventAsync(row, cancellationToken);
        if (isDone && isNew)
        {
            invariants.Lives.IncidentAdded(row.Key);
        }

        return isDone;
    }

    /// <summary>Answers from indexes what the engine would look through every row for.</summary>
    public override async Task<IReadOnlyList<TaskRow>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        query is { NewestFirst: false, Phase: { } phase } && !phase.IsFinal()
            ? await Inner.ReadAsync(invariants.Unfinished.List(phase, query.Owner, query.After, query.Limit), cancellationToken)
            : await Inner.ListAsync(query, cancellationToken);

    private async Task LookAsync(IReadOnlyList<TaskId> changed)
    {
        foreach (var row in await Inner.ReadAsync(changed, CancellationToken.None))
        {
            invariants.RowChanged(row);
        }
    }
}
