using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Writes what became of attempts. A write that the store failed is repeated while the lease holds; one that lost its race is dropped.</summary>
internal sealed class CommitStage(PipelineContext context, ClaimStage claim, WakeStage wake)
{
    private const int MaxBatch = 500;

    private readonly Queue<TaskCommit> _decided = new();
    private readonly Dictionary<long, IReadOnlyList<TaskCommit>> _committing = [];
    private DateTimeOffset _notBefore;
    private int _count;

    /// <summary>How many outcomes wait for their commit.</summary>
    public int Count => _count;

    public DateTimeOffset? NextWake => _decided.Count > 0 ? _notBefore : null;

    public void Add(TaskState before, TaskTransition transition, byte[]? result)
    {
        _decided.Enqueue(new TaskCommit(before, transition.State, context.NewToken(), result));
        _count++;
    }

    public void Pump()
    {
        if (context.Now < _notBefore)
        {
            return;
        }

        while (_decided.Count > 0)
        {
            var batch = new List<TaskCommit>(Math.Min(_decided.Count, MaxBatch));
            while (batch.Count < MaxBatch && _decided.TryDequeue(out var commit))
            {
                batch.Add(commit);
            }

            var operation = context.NextOperation();
            _committing.Add(operation, batch);
            context.Add(new CommitTasks(operation, batch));
        }
    }

    public bool TryTake(TasksCommitted committed)
    {
        if (!_committing.Remove(committed.Operation, out var batch))
        {
            return false;
        }

        _count -= batch.Count;
        var ended = new List<TaskId>();
        var queued = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var commit = batch[i];
            if (!committed.Applied[i])
            {
                context.Add(new ReportLostRace(commit.Before, commit.After));
            }
            else if (commit.After.Phase.IsFinal())
            {
                ended.Add(commit.After.Id);
                context.Add(new AnnounceEnd(commit.After, commit.Result));
            }
            else
            {
                queued++;
                claim.Expect(commit.After.Due);
            }
        }

        wake.Resolve(ended);
        claim.OfferToPeers(queued);
        return true;
    }

    public bool TryFail(OperationFailed failed)
    {
        if (!_committing.Remove(failed.Operation, out var batch))
        {
            return false;
        }

        foreach (var commit in batch)
        {
            _decided.Enqueue(commit);
        }

        _notBefore = context.Now + context.Options.RepeatDelay;
        return true;
    }

    /// <summary>Drops what has not been sent: the lease is gone, and the successors decide.</summary>
    public void Abandon()
    {
        _count -= _decided.Count;
        _decided.Clear();
    }
}
