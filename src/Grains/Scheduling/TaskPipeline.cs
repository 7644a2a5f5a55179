using System.Diagnostics;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>All that one node does with tasks, as a pure machine: accept, claim, run, commit, wake. Events go in one at a time, effects come out.</summary>
/// <remarks>
/// It reads no clock, knows no store and starts nothing: the driver around it (<see cref="TaskPipelineDriver"/> in a silo, the
/// simulator in tests) carries out the effects and brings their answers back as events. Given the same events, times and seed it
/// makes the same effects.
/// </remarks>
internal sealed class TaskPipeline
{
    private readonly PipelineContext _context;
    private readonly RunStage _run;
    private readonly ClaimStage _claim;
    private readonly WakeStage _wake;
    private readonly CommitStage _commit;
    private readonly AcceptStage _accept;
    private readonly HandlerTallies _ended = new();
    private bool _isDraining;
    private bool _couldGoOn;

    public TaskPipeline(NodeIncarnation incarnation, string node, TaskPipelineOptions options, Random random)
    {
        _context = new PipelineContext(incarnation, node, options, random);
        _run = new RunStage(_context);
        _claim = new ClaimStage(_context, _run);
        _wake = new WakeStage(_context);
        _commit = new CommitStage(_context, _run, _claim, _wake);
        _accept = new AcceptStage(_context, _run, _claim, _wake);
    }

    public NodeIncarnation Incarnation => _context.Incarnation;

    public bool HoldsLease => _context.HoldsLease;

    public int Running => _run.RunningCount;

    public int Hung => _run.HungCount;

    public IEnumerable<TaskId> Waiting => _run.Waiting;

    /// <summary>How attempts have ended here, by handler.</summary>
    public IReadOnlyList<HandlerTally> Ended => _ended.All;

    /// <summary>Whether no handler runs, and the node owns nothing and owes the store nothing: it may leave.</summary>
    /// <remarks>A node without its lease owes nothing: its successors decide.</remarks>
    public bool IsIdle =>
        _run.RunningCount == 0 && !_accept.IsBusy && (!_context.HoldsLease || (_run.IsEmpty && _claim.IsQuiet && _wake.IsEmpty));

    /// <summary>When, in the store's time, the pipeline next wants a <see cref="Ticked"/> for its work even if nothing happens.</summary>
    public DateTimeOffset NextWake
    {
        get
        {
            var work = Earliest(Earliest(_claim.NextWake, _commit.NextWake), _wake.NextWake);
            return _context.HoldsLease ? Earliest(work, _run.NextWake) : work;
        }
    }

    /// <summary>When, on the monotonic clock, it wants one for its lease; null for never.</summary>
    public TimeSpan? NextLeaseEnd => _context.NextLeaseEnd;

    /// <summary>Handles events that have come in, and returns what is to be done. The list is valid until the next call.</summary>
    /// <param name="happened">The events, oldest first.</param>
    /// <param name="now">The store's time: what stands in rows is compared with it.</param>
    /// <param name="monotonic">The node's monotonic time: its lease runs on it.</param>
    public IReadOnlyList<PipelineEffect> Handle(IReadOnlyList<PipelineEvent> happened, DateTimeOffset now, TimeSpan monotonic)
    {
        _context.Effects.Clear();
        (_context.Now, _context.Monotonic) = (now, monotonic);
        foreach (var one in happened)
        {
            Handle(one);
        }

        WatchLease();
        FailUnreadable();
        FailPastLimit();
        RefuseOutcomes();
        if (_isDraining || _context.SlotLimit == 0 || !_context.HoldsLease)
        {
            GiveBack(_run.TakeWaiting());
        }

        _run.Pump(_claim.IsQuiet);
        GiveBack(_run.TakeStalled());
        PutOff(_run.TakeHeldUpLoner());
        if (_run.HasLoner)
        {
            GiveBack(_run.TakeNeighbours());
        }

        _commit.Pump();
        _wake.Pump();
        _claim.Pump();
        return _context.Effects;
    }

    private static DateTimeOffset Earliest(DateTimeOffset a, DateTimeOffset? b) => b < a ? b.Value : a;

    private void Handle(PipelineEvent happened)
    {
        switch (happened)
        {
            case Submitted e:
                _accept.Submit(e);
                break;
            case AttemptEnded e:
                EndAttempt(e);
                break;
            case SlotFreed e:
                _run.FreeSlot(e.Task, e.Attempt);
                break;
            case SlotLoanChanged e:
                _run.Lend(e.Task, e.Attempt, e.IsLent);
                break;
            case TasksEnded e:
                FinishElsewhere(e);
                break;
            case AttemptVoided e:
                _run.Void(e.Task, e.Attempt);
                break;
            case QueueHinted:
                _claim.Hint();
                break;
            case IntakeChanged e:
                _context.SlotLimit = e.Slots;
                _claim.Hint();
                break;
            case LeaseChanged e:
                _context.SetLease(e.IsHeld, e.Ends);
                break;
            case OutageShared e:
                _context.GoOn(e.Until);
                break;
            case DrainStarted:
                StartDrain();
                break;
            case DrainEnded:
                StartDrain();
                _run.StopRunning(StopReason.Drained);
                break;
            case HandOverEnded:
                GiveUpRunning();
                break;
            case Ticked:
                break;
            default:
                TakeAnswer(happened);
                break;
        }
    }

    private void TakeAnswer(PipelineEvent happened)
    {
        var isTaken = happened switch
        {
            TasksInserted e => _accept.TryTake(e),
            TasksClaimed e => _claim.TryTake(e),
            TasksCommitted e => _commit.TryTake(e),
            DependentsFound e => _wake.TryTake(e),
            TasksWoken e => TakeWoken(e),
            OperationFailed e => _accept.TryFail(e) || _claim.TryFail(e) || _commit.TryFail(e) || _wake.TryFail(e),
            _ => throw new UnreachableException($"The pipeline has no answer to {happened.GetType().Name}."),
        };
        if (!isTaken)
        {
            throw new UnreachableException($"No operation waits for {happened}.");
        }
    }

    private bool TakeWoken(TasksWoken woken)
    {
        if (woken.Woken.Count > 0)
        {
            _claim.Hint();
            _claim.OfferToPeers(woken.Woken.Count);
        }

        return _wake.TryTake(woken);
    }

    private void EndAttempt(AttemptEnded ended)
    {
        // An attempt that was voided meanwhile has no owner here any more: its late report changes nothing.
        if (_run.End(ended.Task, ended.End.Attempt, ended.KeepsSlot) is { } task)
        {
            _ended.Count(task, ended.End);
            Decide(task, ended.End, ended.Result);
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

    private void FinishElsewhere(TasksEnded ended)
    {
        foreach (var task in ended.Tasks)
        {
            _context.Add(new AnnounceEnd(task, null));
        }

        _wake.Resolve(ended.Tasks.Select(task => task.Id));
    }

    /// <summary>Stops what runs once the lease is lost and others may run it already. How it ended is decided if the lease comes back.</summary>
    private void WatchLease()
    {
        if (_couldGoOn && !_context.MayGoOn)
        {
            _run.StopRunning(StopReason.LeaseLost);
        }

        _couldGoOn = _context.MayGoOn;
    }

    private void StartDrain()
    {
        _isDraining = true;
        _claim.Drain();
    }

    private void GiveUpRunning()
    {
        foreach (var (task, startedAt) in _run.TakeRunning())
        {
            Decide(task, new AttemptReleased(task.Attempt, task.Owner, _context.Node, startedAt));
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
