using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Commits;

/// <summary>How writes of tasks' rows are committed.</summary>
internal sealed class TaskCommits(IStorageEngine engine) : CommitTarget<TaskWrite, TaskWriteResult>
{
    public override Task<IReadOnlyList<TaskWriteResult>> CommitAsync(IReadOnlyList<TaskWrite> writes, CancellationToken cancellationToken) =>
        engine.CommitTasksAsync(writes, cancellationToken);

    public override async ValueTask<IReadOnlyList<TaskWriteResult>> SettleAsync(
        IReadOnlyList<TaskWrite> writes, IReadOnlyList<TaskWriteResult> results, CancellationToken cancellationToken)
    {
        List<TaskId>? lost = null;
        for (var i = 0; i < writes.Count; i++)
        {
            if (!results[i].IsApplied)
            {
                (lost ??= []).Add(writes[i].Id);
            }
        }

        if (lost is null)
        {
            return results;
        }

        var tokens = new Dictionary<TaskId, long>();
        foreach (var row in await engine.ReadAsync(lost, cancellationToken))
        {
            tokens.Add(row.Id, row.Token);
        }

        var settled = results.ToArray();
        for (var i = 0; i < settled.Length; i++)
        {
            if (!settled[i].IsApplied && tokens.TryGetValue(writes[i].Id, out var token) && token == writes[i].Token)
            {
                settled[i] = TaskWriteResult.Applied;
            }
        }

        return settled;
    }

    public override RowKey KeyOf(TaskWrite write) => new(write.Id);

    public override RowKey? SecondKeyOf(TaskWrite write) =>
        write is TaskInsert { IdempotencyKey: { } key } ? new RowKey(key) : null;

    public override int SizeOf(TaskWrite write)
    {
        var size = write switch
        {
            TaskInsert { Row: var row } => row.Spec.Length + row.Life.Length + (row.Result?.Length ?? 0),
            TaskUpdate update => update.Life.Length + (update.Result?.Length ?? 0),
            _ => 0,
        };
        for (var i = 0; i < write.Parts.Count; i++)
        {
            size += write.Parts[i].Length;
        }

        return size;
    }

    public override TaskId? TaskOf(TaskWrite write) => write.Id;

    public override int Compare(TaskWrite left, TaskWrite right) => left.Id.CompareTo(right.Id);
}
