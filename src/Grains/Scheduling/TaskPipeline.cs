using System.Diagnostics;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>All that one node does with tasks, as a pure machine: accept, claim, run, save progress, commit, wake. Events go in one at a time, effects come out.</summary>
/// <remarks>
/// It reads no clock, knows no store and starts nothing: the driver around it (<see cref="TaskPipelineDriver"/> in a silo, the
/// simulator in tests) carries out the effects and brings their answers back as events. Given the same events, times and seed it
/// makes the same effects.
/// </remarks>
internal sealed partial class TaskPipeline
{
    private readonly PipelineContext _context;
    private readonly RunStage _run;
    private readonly ClaimStage _claim;
    private readonly WakeStage _wake;
    private readonly WakeStage _lateWake;
    private readonly CommitStage _commit;
    private readonly ProgressStage _progress;
    private readonly AcceptStage _accept;
    private readonly HandlerTallies _ended = new();
    private bool _couldGoOn;

    public TaskPipeline(NodeIncarnation incarnation, string node, TaskPipelineOptions options, Random random)
    {
        _context = new PipelineContext(incarnation, node, options, random);
        _run = new RunStage(_context);
        _claim = new ClaimStage(_context, _run);
        _wake = new WakeStage(_context);
        _lateWake = new WakeStage(_context);
        _commit = new CommitStage(_context, _run, _claim, _wake);
        _progress = new ProgressStage(_context, _run);
        _accept = new AcceptStage(_context, _run, _claim, _wake, _lateWake);
    }

    public NodeIncarnation Incarnation => _context.Incarnation;

    public bool HoldsLease => _context.HoldsLease;

    public int Running => _run.RunningCount;

    public int Hung => _run.HungCount;

    public IEnumerable<TaskId> Waiting => _run.Waiting;

    /// <summary>How attempts have ended here, by handler.</summary>
    public IReadOnlyList<HandlerTally> Ended => _ended.All;

    /// <summary>Whether no handler runs, and the node owns nothing and owes the store nothing: it may leave.</summary>
    /// <remarks>
    /// A node that has lost its lease still owes what it holds: the lease may come back, and nobody else knows those outcomes. Only
    /// the end of its life, of which the pipeline knows nothing, leaves them to its successors.
    /// </remarks>
    public bool IsIdle => _run.RunningCount == 0 && !_accept.IsBusy && _run.IsEmpty && _claim.IsQuiet && _wake.IsEmpty;

    /// <summary>When, in the store's time, the pipeline next wants a <see cref="Ticked"/> for what stands in rows, even if nothing happens; null for never.</summary>
    public DateTimeOffset? NextDue => _context.HoldsLease ? PipelineContext.Earlier(_claim.NextDue, _run.NextDue) : null;

    /// <summary>When, on the monotonic clock, it wants one for what it waits for itself, or for its lease's end; null for never.</summary>
    public TimeSpan? NextWake
    {
        get
        {
            TimeSpan? next = _context.HoldsLease ? _run.NextWake : null;
            foreach (var wake in (ReadOnlySpan<TimeSpan?>)[_claim.NextWake, _commit.NextWake, _progress.NextWake, _wake.NextWake, _lateWake.NextWake, _context.NextLeaseEnd])
            {
                next = PipelineContext.Earlier(next, wake);
            }

            return next;
        }
    }

    /// <summary>Handles events that have come in, and returns what is to be done. The list is valid until the next call.</summary>
    /// <param name="happened">The events, oldest first.</param>
    /// <param name="now">The store's time: what stands in rows is compared with it.</param>
    /// <param name="monotonic">The node's monotonic time: its lease and its own waits run on it.</param>
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
        DecideReleased();
        if (_context.IsDraining || _context.SlotLimit == 0 || !_context.HoldsLease)
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

        _progress.Pump();
        _commit.Pump();
        _wake.Pump();
        _lateWake.Pump();
        _claim.Pump();
        return _context.Effects;
    }

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
            case ProgressReported e:
                _progress.Report(e);
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
                _context.IsDraining = true;
                break;
            case DrainEnded:
                _context.IsDraining = true;
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
            TasksCommitted e => _commit.TryTake(e) || _progress.TryTake(e),
            DependentsFound e => _wake.TryTake(e) || _lateWake.TryTake(e),
            TasksWoken e => TakeWoken(e),
            OperationFailed e => _accept.TryFail(e) || _claim.TryFail(e) || _commit.TryFail(e) || _progress.TryFail(e) || _wake.TryFail(e) || _lateWake.TryFail(e),
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

        return _wake.TryTake(woken) || _lateWake.TryTake(woken);
    }

    private void FinishElsewhere(TasksEnded ended)
    {
        foreach (var task in ended.Tasks)
        {
            _context.Add(new AnnounceEnd(task, null));
        }

        (_context.IsDraining ? _lateWake : _wake).Resolve(ended.Tasks.Select(task => task.Id));
    }

    /// <summary>Stops what runs once the lease is lost and others may run it already. How it ended is decided if the lease comes back.</summary>
    private void WatchLease()
    {
        if (_couldGoOn && !_context.MayGoOn)
        {
            _run.StopRunning(StopReason.LeaseLost);
            _progress.RefuseAll();
        }

        _couldGoOn = _context.MayGoOn;
    }
}
