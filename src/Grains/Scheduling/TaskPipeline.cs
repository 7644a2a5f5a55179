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
    private bool _isDraining;

    public TaskPipeline(NodeIncarnation incarnation, string node, TaskPipelineOptions options, Random random)
    {
        _context = new PipelineContext(incarnation, node, options, random);
        _run = new RunStage(_context);
        _claim = new ClaimStage(_context, _run, () => _commit!.Count);
        _wake = new WakeStage(_context);
        _commit = new CommitStage(_context, _claim, _wake);
        _accept = new AcceptStage(_context, _run, _claim, _wake);
    }

    public NodeIncarnation Incarnation => _context.Incarnation;

    public int Running => _run.RunningCount;

    public IEnumerable<TaskId> Waiting => _run.Waiting;

    /// <summary>Whether the node owns nothing and owes the store nothing: it may leave.</summary>
    public bool IsIdle => _run.IsEmpty && _run.RunningCount == 0 && _commit.Count == 0;

    /// <summary>When the pipeline next wants a <see cref="Ticked"/> even if nothing happens.</summary>
    public DateTimeOffset NextWake => Earliest(Earliest(_claim.NextWake, _commit.NextWake), _wake.NextWake);

    /// <summary>Handles events that have come in, and returns what is to be done. The list is valid until the next call.</summary>
    public IReadOnlyList<PipelineEffect> Handle(IReadOnlyList<PipelineEvent> happened, DateTimeOffset now)
    {
        _context.Effects.Clear();
        _context.Now = now;
        foreach (var one in happened)
        {
            Handle(one);
        }

        _commit.Pump();
        _wake.Pump();
        _run.Pump();
        _claim.Pump(_accept.IsBusy);
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
            case TasksEnded e:
                FinishElsewhere(e);
                break;
            case AttemptVoided e:
                _run.Void(e.Task, e.Attempt, StopReason.Voided);
                break;
            case QueueHinted:
                _claim.Hint();
                break;
            case LeaseChanged e:
                ChangeLease(e);
                break;
            case DrainStarted:
                StartDrain();
                break;
            case DrainEnded:
                _run.StopRunning(StopReason.Drained);
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
            Decide(task, ended.End, ended.Result);
        }
    }

    private void Decide(TaskState task, TaskEvent happened, byte[]? result = null)
    {
        var transition = TaskLifecycle.Apply(task, happened, _context.Options.Retry, _context.Now, _context.Chance());
        if (transition.IsChange)
        {
            _commit.Add(task, transition, result);
        }
    }

    private void FinishElsewhere(TasksEnded ended)
    {
        foreach (var task in ended.Tasks)
        {
            _context.Add(new AnnounceEnd(task, null));
        }

        _wake.Resolve(ended.Tasks.Select(task => task.Id));
    }

    private void ChangeLease(LeaseChanged change)
    {
        _claim.SetLease(change.IsHeld);
        if (!change.IsHeld)
        {
            _run.VoidAll(StopReason.LeaseLost);
            _commit.Abandon();
        }
    }

    private void StartDrain()
    {
        if (_isDraining)
        {
            return;
        }

        _isDraining = true;
        _claim.Drain();
        foreach (var task in _run.TakeWaiting())
        {
            Decide(task, new AttemptReleased(task.Attempt, task.Owner, _context.Node, null));
        }
    }
}
