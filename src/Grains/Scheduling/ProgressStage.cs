using System.Diagnostics;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Writes the progress that handlers save, many tasks in one batch, and keeps the writes of one task in their order.</summary>
/// <remarks>
/// <para>One write of a task is under way at a time: what its handler saves meanwhile goes with the next, the newest for all. The end of
/// an attempt is held until its saves are answered, so that what is decided then knows the row as it is.</para>
/// <para>A save is fenced by attempt and owner like every write, and by the row's token, too: it changes neither of the others, so an
/// older save that lands late would take the place of a newer one.</para>
/// <para>Without the lease nothing is written. What is lost with the lease is refused at once; in an outage of the store it waits.</para>
/// </remarks>
internal sealed class ProgressStage(PipelineContext context, RunStage run)
{
    private const int MaxBatch = 500;

    private readonly Dictionary<(TaskId, int), AttemptSaves> _saves = [];
    private readonly Queue<AttemptSaves> _ready = new();
    private readonly Dictionary<long, IReadOnlyList<AttemptSaves>> _committing = [];
    private readonly Queue<HeldEnd> _released = new();
    private readonly List<ProgressReported> _late = [];
    private TimeSpan _notBefore;

    public TimeSpan? NextWake => _ready.Count > 0 && context.HoldsLease ? _notBefore : null;

    /// <summary>A handler wants its progress saved.</summary>
    public void Report(ProgressReported report)
    {
        if (!IsPresent(report))
        {
            // Told at the end of the turn, after the handler was told to stop: only so is it known why, whatever it makes of the answer.
            _late.Add(report);
            return;
        }

        Take(report);
    }

    private bool IsPresent(ProgressReported report) => context.MayGoOn && run.FindRunning(report.Task, report.Attempt) is not null;

    private void Take(ProgressReported report)
    {
        var key = (report.Task, report.Attempt);
        if (!_saves.TryGetValue(key, out var saves))
        {
            _saves.Add(key, saves = new AttemptSaves(key));
        }

        saves.Next = report;
        saves.NextTickets.Add(report.Ticket);
        if (saves is { UnderWay: null, IsReady: false })
        {
            MakeReady(saves);
        }
    }

    /// <summary>Holds the end of an attempt back while a save of it is not answered.</summary>
    /// <returns>False when there is none: the end may be decided at once.</returns>
    public bool TryHold(TaskState task, TaskEvent end, byte[]? result)
    {
        if (!_saves.TryGetValue((task.Id, task.Attempt), out var saves))
        {
            return false;
        }

        if (saves.UnderWay is null)
        {
            // Asked for in the same turn, or while the store failed, and never sent.
            saves.UnderWay = Decide(task, saves.Next!);
            saves.TakeNext();
        }

        saves.Held = new HeldEnd(task, end, result);
        return true;
    }

    /// <summary>Refuses what handlers wait for: the lease is lost, and others may run their tasks already.</summary>
    public void RefuseAll()
    {
        foreach (var saves in _saves.Values.ToList())
        {
            Refuse(saves);
            if (saves is { UnderWay: null })
            {
                Forget(saves);
            }
        }
    }

    public void Pump()
    {
        foreach (var report in _late)
        {
            if (IsPresent(report))
            {
                Take(report); // the lease came back within the turn, and nobody was told to stop
            }
            else
            {
                Answer((report.Task, report.Attempt), [report.Ticket], ProgressVerdict.AttemptOver);
            }
        }

        _late.Clear();
        if (!context.HoldsLease || context.Monotonic < _notBefore)
        {
            return;
        }

        while (_ready.Count > 0)
        {
            var batch = new List<AttemptSaves>(Math.Min(_ready.Count, MaxBatch));
            while (batch.Count < MaxBatch && _ready.TryDequeue(out var saves))
            {
                saves.IsReady = false;
                if (TryBegin(saves))
                {
                    batch.Add(saves);
                }
            }

            if (batch.Count > 0)
            {
                var operation = context.NextOperation();
                _committing.Add(operation, batch);
                context.Add(new CommitTasks(operation, [.. batch.Select(saves => saves.UnderWay!)]));
            }
        }
    }

    public bool TryTake(TasksCommitted committed)
    {
        if (!_committing.Remove(committed.Operation, out var batch))
        {
            return false;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            if (committed.Applied[i])
            {
                var saved = batch[i].UnderWay!;
                run.Replace(saved.Written);
                Answer(batch[i].Key, batch[i].Tickets, ProgressVerdict.Saved);
                GoOn(batch[i], saved);
            }
            else
            {
                // The row is not this attempt's any more: whatever its handler does from now on is void.
                run.Void(batch[i].Key.Task, batch[i].Key.Attempt);
                Refuse(batch[i]);
                GoOn(batch[i], null);
            }
        }

        return true;
    }

    public bool TryFail(OperationFailed failed)
    {
        if (!_committing.Remove(failed.Operation, out var batch))
        {
            return false;
        }

        var refused = failed.FindRefused();
        foreach (var saves in batch)
        {
            if (refused.Contains(saves.Key.Task))
            {
                Answer(saves.Key, saves.Tickets, ProgressVerdict.NotStorable, failed.Error.Message);
                GoOn(saves, null);
            }
            else
            {
                MakeReady(saves);
            }
        }

        _notBefore = context.Monotonic + context.Options.RepeatDelay;
        return true;
    }

    /// <summary>Takes out an end that need not be held any longer; null when there is none.</summary>
    public HeldEnd? TakeReleased() => _released.TryDequeue(out var end) ? end : null;

    /// <summary>Puts the next write of an attempt under way; false when there is nothing to write any more.</summary>
    private bool TryBegin(AttemptSaves saves)
    {
        if (saves.UnderWay is not null)
        {
            return true;
        }

        if (saves.Next is { } next && run.FindRunning(saves.Key.Task, saves.Key.Attempt) is { } task)
        {
            saves.UnderWay = Decide(task, next);
            saves.TakeNext();
            return true;
        }

        Refuse(saves);
        Forget(saves);
        return false;
    }

    private TaskCommit Decide(TaskState task, ProgressReported report)
    {
        var saved = new ProgressSaved(task.Attempt, task.Owner, context.Node, report.Value, report.Type);
        var transition = TaskLifecycle.Apply(task, saved, context.Options.Retry, context.Now, 0);
        return transition.IsChange
            ? new TaskCommit(task, transition.State, context.NewToken(), IfToken: task.Token)
            : throw new UnreachableException($"Progress is {transition.Verdict} for task {task.Id}, attempt {task.Attempt}, which this node runs.");
    }

    /// <summary>The write under way is answered: what is the next of this attempt?</summary>
    /// <param name="saves">The attempt's saves.</param>
    /// <param name="saved">The write, if it was applied.</param>
    private void GoOn(AttemptSaves saves, TaskCommit? saved)
    {
        saves.EndWrite();
        if (saves.Next is { } next)
        {
            if (saves.Held is { } waiting)
            {
                saves.Held = waiting.After(saved);
                saves.UnderWay = Decide(saves.Held.Task, next);
                saves.TakeNext();
            }

            MakeReady(saves);
            return;
        }

        Forget(saves);
        if (saves.Held is { } held)
        {
            _released.Enqueue(held.After(saved));
        }
    }

    private void Refuse(AttemptSaves saves)
    {
        Answer(saves.Key, [.. saves.Tickets, .. saves.NextTickets], ProgressVerdict.AttemptOver);
        saves.DropWaits();
    }

    // It may still stand in the queue after it was refused, while the same attempt has begun anew.
    private void Forget(AttemptSaves saves)
    {
        if (_saves.GetValueOrDefault(saves.Key) == saves)
        {
            _saves.Remove(saves.Key);
        }
    }

    private void MakeReady(AttemptSaves saves)
    {
        if (!saves.IsReady)
        {
            saves.IsReady = true;
            _ready.Enqueue(saves);
        }
    }

    private void Answer((TaskId Task, int Attempt) key, List<long> tickets, ProgressVerdict verdict, string? reason = null)
    {
        if (tickets.Count > 0)
        {
            context.Add(new AnswerProgress(key.Task, key.Attempt, tickets, verdict, reason));
        }
    }
}
