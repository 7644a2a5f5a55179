using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Takes in calls: a task that can run here at once is inserted as claimed, so that it costs two writes instead of three.</summary>
/// <remarks>What came after a drain began is looked after as ever, by a stage of its own that the node does not wait for: under load it never is empty.</remarks>
internal sealed class AcceptStage(PipelineContext context, RunStage run, ClaimStage claim, WakeStage wake, WakeStage lateWake)
{
    private readonly Dictionary<long, Batch> _inserting = [];
    private int _accepting;

    /// <summary>Whether submissions are under way that are waited for: those from before the drain. Of later ones there is no end under load, and nothing of them is this node's.</summary>
    public bool IsBusy => _inserting.Values.Any(batch => batch.IsAwaited);

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
        _inserting.Add(operation, new Batch(submitted.Submission, tasks, tasks, births, [], !context.IsDraining));
        context.Add(new InsertTasks(operation, tasks));
    }

    public bool TryTake(TasksInserted inserted)
    {
        if (!_inserting.Remove(inserted.Operation, out var batch))
        {
            return false;
        }

        Leave(batch);
        var queued = 0;
        for (var i = 0; i < batch.Open.Count; i++)
        {
            if (!inserted.Results[i].IsApplied)
            {
                continue;
            }

            var state = batch.Open[i].State;
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

        Answer(batch, inserted.Results);
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

        if (failed.IsOfData && batch.Without(failed.FindRefused(), failed.Error) is { } rest)
        {
            GoOn(batch, rest);
            return true;
        }

        Leave(batch);
        if (batch.Births > 0)
        {
            claim.Reconcile();
        }

        context.Add(new RefuseSubmission(batch.Submission, failed.Error));
        LookAtDependents(batch);
        return true;
    }

    // As the same tasks, born or not, under the same tokens: then the store answers what it has written already as written.
    private void GoOn(Batch batch, Batch rest)
    {
        _accepting -= batch.Open.Count - rest.Open.Count;
        run.Unreserve(batch.Births - rest.Births);
        if (rest.Open.Count == 0)
        {
            Answer(rest, []);
            return;
        }

        var operation = context.NextOperation();
        _inserting.Add(operation, rest);
        context.Add(new InsertTasks(operation, rest.Open));
    }

    private void Leave(Batch batch)
    {
        _accepting -= batch.Open.Count;
        run.Unreserve(batch.Births);
    }

    private void Answer(Batch batch, IReadOnlyList<TaskWriteResult> results)
    {
        var next = 0;
        var answers = batch.Tasks.Select(task =>
            batch.Refused.TryGetValue(task.State.Id, out var refusal) ? new CallAnswer(default, refusal) : new CallAnswer(results[next++]));
        context.Add(new AnswerSubmission(batch.Submission, [.. answers]));
    }

    // Also those that were there already, or may be there: whoever inserted them may have died before it looked.
    private void LookAtDependents(Batch batch) =>
        (batch.IsAwaited ? wake : lateWake).LookAt(batch.Open.Where(task => task.State.Phase == TaskPhase.Waiting).Select(task => task.State.Id));

    private TaskState Born(TaskState state) => state with
    {
        Phase = TaskPhase.Running,
        Attempt = 1,
        Owner = context.Incarnation,
        Claimed = context.Now,
    };

    /// <summary>One submission on its way into the store.</summary>
    /// <param name="Submission">Its number.</param>
    /// <param name="Tasks">All its tasks, in order.</param>
    /// <param name="Open">Those that are being inserted.</param>
    /// <param name="Births">How many of these are born claimed.</param>
    /// <param name="Refused">The others, which cannot be stored, with the reason.</param>
    /// <param name="IsAwaited">Whether the node does not leave before it is answered.</param>
    private sealed record Batch(
        long Submission, IReadOnlyList<NewTask> Tasks, List<NewTask> Open, int Births, Dictionary<TaskId, Exception> Refused, bool IsAwaited)
    {
        /// <summary>Returns what is left when some of the tasks are refused; null where none of them is among these.</summary>
        public Batch? Without(IReadOnlySet<TaskId> refused, Exception reason)
        {
            var open = Open.Where(task => !refused.Contains(task.State.Id)).ToList();
            return open.Count == Open.Count
                ? null
                : this with
                {
                    Open = open,
                    Births = open.Count(task => task.State.Phase == TaskPhase.Running),
                    Refused = Refused.Concat(refused.Select(task => KeyValuePair.Create(task, reason))).ToDictionary(),
                };
        }
    }
}
