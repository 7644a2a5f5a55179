using System.Diagnostics;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <content>What becomes of the attempts that this node owns, and why.</content>
internal sealed partial class TaskPipeline
{
    private void EndAttempt(AttemptEnded ended)
    {
        // An attempt that was voided meanwhile has no owner here any more: its late report changes nothing.
        if (_run.End(ended.Task, ended.End.Attempt, ended.KeepsSlot) is { } task)
        {
            _ended.Count(task, ended.End);
            EndRunning(task, ended.End, ended.Result);
        }
    }

    /// <summary>Decides about an attempt that ran, as soon as the store has answered what its handler saved.</summary>
    private void EndRunning(TaskState task, TaskEvent end, byte[]? result = null)
    {
        if (!_progress.TryHold(task, end, result))
        {
            Decide(task, end, result);
        }
    }

    private void DecideReleased()
    {
        while (_progress.TakeReleased() is { } held)
        {
            Decide(held.Task, held.End, held.Result);
        }
    }

    private void Decide(TaskState task, TaskEvent happened, byte[]? result = null)
    {
        var transition = TaskLifecycle.Apply(task, happened, _context.Options.Retry, _context.Now, _context.Chance());
        if (!transition.IsChange)
        {
            throw new UnreachableException($"{happened} is {transition.Verdict} for task {task.Id}, attempt {task.Attempt}, which this node runs.");
        }

        _commit.Add(task, transition.State, result);
    }

    private void GiveUpRunning()
    {
        foreach (var (task, startedAt) in _run.TakeRunning())
        {
            EndRunning(task, new AttemptReleased(task.Attempt, task.Owner, _context.Node, startedAt));
        }
    }

    /// <summary>Gives back what has not started. Without the lease that is held like every outcome, until the lease comes back.</summary>
    private void GiveBack(IReadOnlyList<TaskState> unstarted)
    {
        foreach (var task in unstarted)
        {
            Decide(task, new AttemptReleased(task.Attempt, task.Owner, _context.Node, null));
        }
    }

    /// <summary>Gives back a task that is to run alone and could not start, so that others may use the node meanwhile.</summary>
    private void PutOff(TaskState? loner)
    {
        if (loner is { } task)
        {
            var delay = RetryDelay.Unstarted(RunStage.LonersPatience, task.Life.Unstarted);
            Decide(task, new AttemptReleased(task.Attempt, task.Owner, _context.Node, null, Delay: delay));
            _claim.Hint();
        }
    }

    /// <summary>Ends tasks whose outcome the store refuses to take, without what it refuses: the result, and if that was not it, the history.</summary>
    private void RefuseOutcomes()
    {
        foreach (var (commit, reason) in _commit.TakeRefused())
        {
            var (task, life) = (commit.Before, commit.Before.Life);
            var failure = new TaskFailure { Kind = FailureKind.InvalidResult, Message = $"The outcome cannot be stored: {reason}", Node = _context.Node };
            task = commit.Result is null ? task with { Life = TaskLife.New with { Charges = life.Charges, Unstarted = life.Unstarted } } : task;
            Decide(task, new AttemptFailed(task.Attempt, task.Owner, _context.Node, null, failure, MayRetry: false));
        }
    }

    /// <summary>Ends tasks that passed a limit in time while they waited here for a slot.</summary>
    private void FailPastLimit()
    {
        foreach (var (task, failure) in _run.TakePastLimit())
        {
            Decide(task, new AttemptFailed(task.Attempt, task.Owner, _context.Node, null, failure, MayRetry: false));
        }
    }

    /// <summary>Ends tasks whose rows cannot be read: left in the queue they would fail every claim of every node.</summary>
    private void FailUnreadable()
    {
        foreach (var task in _run.TakeUnreadable())
        {
            var failure = new TaskFailure { Kind = FailureKind.InvalidCall, Message = task.Damage!, Node = _context.Node };
            Decide(task, new AttemptFailed(task.Attempt, task.Owner, _context.Node, null, failure, MayRetry: false));
        }
    }
}
