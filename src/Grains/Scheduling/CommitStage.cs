using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Writes what became of attempts. A write that the store failed is repeated; one that lost its race is dropped.</summary>
/// <remarks>
/// Without the lease outcomes are held. Either the lease comes back, then the rows are still this node's and nobody else would
/// end them; or it does not, then the successors decide, and what is held goes with the process.
/// </remarks>
internal sealed class CommitStage(PipelineContext context, RunStage run, ClaimStage claim, WakeStage wake)
{
    private const int MaxBatch = 500;

    private readonly Queue<TaskCommit> _decided = new();
    private readonly Dictionary<long, IReadOnlyList<TaskCommit>> _committing = [];
    private readonly List<(TaskCommit, string)> _refused = [];
    private TimeSpan _notBefore;

    public TimeSpan? NextWake => _decided.Count > 0 && context.HoldsLease ? _notBefore : null;

    public void Add(TaskState before, TaskState after, byte[]? result) =>
        _decided.Enqueue(new TaskCommit(before, after, context.NewToken(), result));

    public void Pump()
    {
        if (!context.HoldsLease || context.Monotonic < _notBefore)
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

        var ended = new List<TaskId>();
        var queued = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var commit = batch[i];
            run.Settle(commit.Before.Id, commit.Before.Attempt);
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
                queued += claim.Expect(commit.After.Due) ? 1 : 0;
                context.Add(new ReportRequeued(commit.After));
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

        var refused = failed.FindRefused();
        foreach (var commit in batch)
        {
            if (refused.Contains(commit.Before.Id))
            {
                _refused.Add((commit, failed.Error.Message));
            }
            else
            {
                _decided.Enqueue(commit);
            }
        }

        _notBefore = context.Monotonic + context.Options.RepeatDelay;
        return true;
    }

    /// <summary>Takes out the outcomes that the store refuses, each with its reason.</summary>
    public IReadOnlyList<(TaskCommit Commit, string Reason)> TakeRefused()
    {
        if (_refused.Count == 0)
        {
            return [];
        }

        var taken = _refused.ToList();
        _refused.Clear();
        return taken;
    }
}
