using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Takes in calls: a task that can run here at once is inserted as claimed, so that it costs two writes instead of three.</summary>
internal sealed class AcceptStage(PipelineContext context, RunStage run, ClaimStage claim, WakeStage wake)
{
    private readonly Dictionary<long, Batch> _inserting = [];
    private int _accepting;

    public bool IsBusy => _inserting.Count > 0;

    public void Submit(Submitted submitted)
    {
        if (_accepting + submitted.Tasks.Count > context.Options.MaxAccepting)
        {
            context.Add(new RefuseSubmission(submitted.Submission, null));
            return;
        }

        var births = 0;
        var tasks = new List<NewTask>(submitted.Tasks.Count);
        foreach (var task in submitted.Tasks)
        {
            var isBorn = task.RunsHere && task.State.Phase == TaskPhase.Queued && task.State.Due <= context.Now && claim.MayOwn && run.TryReserve(task.State);
            births += isBorn ? 1 : 0;
            tasks.Add(isBorn ? task with { State = Born(task.State) } : task);
        }

        var operation = context.NextOperation();
        _accepting += tasks.Count;
        _inserting.Add(operation, new Batch(submitted.Submission, tasks, births));
        context.Add(new InsertTasks(operation, tasks));
    }

    public bool TryTake(TasksInserted inserted)
    {
        if (!_inserting.Remove(inserted.Operation, out var batch))
        {
            return false;
        }

        _accepting -= batch.Tasks.Count;
        run.Unreserve(batch.Births);
        var queued = 0;
        for (var i = 0; i < batch.Tasks.Count; i++)
        {
            if (!inserted.Results[i].IsApplied)
            {
                continue;
            }

            var state = batch.Tasks[i].State;
            switch (state.Phase)
            {
                case TaskPhase.Running:
                    run.Take(state);
                    break;
                case TaskPhase.Queued:
                    queued += claim.Expect(state.Due) ? 1 : 0;
                    break;
            }
        }

        context.Add(new AnswerSubmission(batch.Submission, inserted.Results));
        LookAtDependents(batch);
        claim.OfferToPeers(queued);
        return true;
    }

    public bool TryFail(OperationFailed failed)
    {
        if (!_inserting.Remove(failed.Operation, out var batch))
        {
            return false;
        }

        _accepting -= batch.Tasks.Count;
        run.Unreserve(batch.Births);
        if (batch.Births > 0)
        {
            claim.Reconcile();
        }

        context.Add(new RefuseSubmission(batch.Submission, failed.Error));
        LookAtDependents(batch);
        return true;
    }

    // Also those that were there already, or may be there: whoever inserted them may have died before it looked.
    private void LookAtDependents(Batch batch) =>
        wake.LookAt(batch.Tasks.Where(task => task.State.Phase == TaskPhase.Waiting).Select(task => task.State.Id));

    private TaskState Born(TaskState state) => state with
    {
        Phase = TaskPhase.Running,
        Attempt = 1,
        Owner = context.Incarnation,
        Claimed = context.Now,
    };

    private sealed record Batch(long Submission, IReadOnlyList<NewTask> Tasks, int Births);
}
