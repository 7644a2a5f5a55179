using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Runs simulated handlers in one process, as the real executor runs real ones.</summary>
internal sealed class SimulatedExecutor(SimulatedNode node, SimulatedCluster cluster)
{
    /// <summary>How long a handler may run on after its token has fired before it is given up on.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(TaskId, int), Handler> _handlers = [];
    private readonly Dictionary<long, (TaskId Task, int Progress)> _saves = [];
    private long _lastTicket;

    private SimulationInvariants Invariants => cluster.Invariants;

    /// <summary>Returns a task whose handler runs and has not been told to stop; null when there is none.</summary>
    public TaskId? FindUnstopped() => _handlers.Values.FirstOrDefault(handler => !handler.IsFired)?.Task.Id;

    /// <summary>Whether no handler runs, and none waits to hear of its progress.</summary>
    public bool IsEmpty => _handlers.Count == 0 && _saves.Count == 0;

    /// <summary>Gives up on whatever still runs: its attempts are given back, and the process ends in a moment.</summary>
    public void GiveUpRunning()
    {
        foreach (var handler in _handlers.Values)
        {
            handler.IsFired = true;
            Invariants.HandlerGivenUp(handler.Task.Id, handler.Task.Attempt, node.Incarnation);
        }
    }

    public void Start(TaskState task)
    {
        var script = cluster.Workload.Scripts[task.Id];
        var policy = task.Spec.Retry ?? cluster.Retry;
        var handler = new Handler(task, node.Now);
        _handlers.Add((task.Id, task.Attempt), handler);
        Invariants.HandlerStarted(task.Id, task.Attempt, node.Incarnation, script.Needs, policy.MaxAttempts);
        Invariants.ProgressFound(task.Id, task.Attempt, handler.Progress);
        Invariants.SlotsTaken(node.Incarnation, _handlers.Count, node.Slots);
        if (script.Needs.Any(needed => Invariants.Rows.GetValueOrDefault(needed)?.Phase is TaskPhase.Failed or TaskPhase.Cancelled))
        {
            node.After(TimeSpan.FromMilliseconds(1), () => End(handler, Failed(handler, FailureKind.DependencyFailed, mayRetry: false)));
            return;
        }

        if (task.Spec.AttemptTimeout is { } timeout)
        {
            node.After(timeout, () => Fire(handler, () => Failed(handler, FailureKind.Timeout, mayRetry: true)));
        }

        if (task.Deadline is { } deadline)
        {
            node.After(deadline - node.Now, () => Fire(handler, () => Failed(handler, FailureKind.DeadlineExceeded, mayRetry: false)));
        }

        if (script.SavesEvery is { } pause)
        {
            SaveAfter(pause, handler);
        }

        var throws = handler.Task.Attempt - handler.Task.Life.Unstarted <= script.Throws || node.Home.IsBroken;
        node.After(script.Duration, () =>
        {
            if (!handler.IsFired)
            {
                End(handler, throws ? Failed(handler, FailureKind.UserException, mayRetry: true) : Succeeded(handler));
            }
        });
    }

    public void Stop(TaskId task, int attempt, StopReason reason)
    {
        if (_handlers.TryGetValue((task, attempt), out var handler))
        {
            Fire(handler, () => reason switch
            {
                StopReason.Drained => new AttemptReleased(attempt, node.Incarnation, node.Machine, handler.StartedAt),
                StopReason.LeaseLost => new AttemptReleased(attempt, node.Incarnation, node.Machine, handler.StartedAt, FailureKind.LeaseLost),
                _ => Failed(handler, FailureKind.Cancelled, mayRetry: false),
            });
        }
    }

    /// <summary>Handlers hear what became of the progress that they saved.</summary>
    public void Answer(AnswerProgress answer)
    {
        foreach (var ticket in answer.Tickets)
        {
            if (!_saves.Remove(ticket, out var save))
            {
                Invariants.Violate("A save of progress was answered twice.", answer.Task);
            }
            else if (answer.Verdict == ProgressVerdict.Saved)
            {
                Invariants.ProgressSaved(save.Task, save.Progress);
            }
        }
    }

    /// <summary>The process is gone, and every handler with it.</summary>
    public void Vanish()
    {
        foreach (var handler in _handlers.Values)
        {
            Invariants.HandlerEnded(handler.Task.Id, handler.Task.Attempt, node.Incarnation);
        }

        _handlers.Clear();
    }

    /// <summary>Fires a handler's token: it stops soon, or after a while, or is given up on and ends at last.</summary>
    private void Fire(Handler handler, Func<AttemptEvent> outcome)
    {
        if (handler.IsFired || !_handlers.ContainsKey((handler.Task.Id, handler.Task.Attempt)))
        {
            return;
        }

        handler.IsFired = true;
        var runsOn = cluster.Workload.Scripts[handler.Task.Id].IgnoresToken ?? TimeSpan.FromMilliseconds(cluster.Random.Next(20));
        if (runsOn < Grace)
        {
            node.After(runsOn, () => End(handler, outcome()));
            return;
        }

        node.After(Grace, () =>
        {
            Invariants.HandlerGivenUp(handler.Task.Id, handler.Task.Attempt, node.Incarnation);
            node.Post(new AttemptEnded(handler.Task.Id, outcome(), KeepsSlot: true));
        });
        node.After(runsOn, () =>
        {
            Remove(handler);
            node.Post(new SlotFreed(handler.Task.Id, handler.Task.Attempt));
        });
    }

    /// <summary>Saves progress again and again, without waiting for the answers, for as long as the handler runs: also when its token has fired.</summary>
    private void SaveAfter(TimeSpan pause, Handler handler) => node.After(pause, () =>
    {
        if (_handlers.GetValueOrDefault((handler.Task.Id, handler.Task.Attempt)) != handler)
        {
            return;
        }

        _saves.Add(++_lastTicket, (handler.Task.Id, ++handler.Progress));
        node.Post(new ProgressReported(handler.Task.Id, handler.Task.Attempt, _lastTicket, SimulatedProgress.Of(handler.Progress), SimulatedProgress.Type));
        SaveAfter(pause, handler);
    });

    private void End(Handler handler, AttemptEvent end)
    {
        Remove(handler);
        node.Post(new AttemptEnded(handler.Task.Id, end, end is AttemptSucceeded ? SimulatedResult.Of(handler.Task.Attempt) : null));
    }

    private void Remove(Handler handler)
    {
        _handlers.Remove((handler.Task.Id, handler.Task.Attempt));
        Invariants.HandlerEnded(handler.Task.Id, handler.Task.Attempt, node.Incarnation);
    }

    private AttemptSucceeded Succeeded(Handler handler) => new(handler.Task.Attempt, node.Incarnation, node.Machine, handler.StartedAt);

    private AttemptFailed Failed(Handler handler, FailureKind kind, bool mayRetry)
    {
        var failure = new TaskFailure { Kind = kind, Message = "Simulated.", Node = node.Machine };
        return new AttemptFailed(handler.Task.Attempt, node.Incarnation, node.Machine, handler.StartedAt, failure, mayRetry);
    }

    private sealed class Handler(TaskState task, DateTimeOffset startedAt)
    {
        public TaskState Task => task;

        public DateTimeOffset StartedAt => startedAt;

        public bool IsFired { get; set; }

        public int Progress { get; set; } = SimulatedProgress.In(task.Life);
    }
}
