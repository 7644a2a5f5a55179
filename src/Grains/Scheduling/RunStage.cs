using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Holds the attempts that the node owns and starts them as slots become free, first come, first served.</summary>
/// <remarks>
/// <para>Nothing starts without the lease.</para>
/// <para>A task that two processes died with runs alone: its neighbours are given back, and it is started only when the node
/// owns nothing else and owes the store nothing. If it kills its node it is charged alone. Where that takes too long it is given back.</para>
/// <para>A handler that waits for other tasks lends its slot to others, and goes on beside them: that many may run beyond the slots.</para>
/// </remarks>
internal sealed partial class RunStage(PipelineContext context)
{
    /// <summary>How long a task that is to run alone may keep the node from taking on others while handlers still run there.</summary>
    public static readonly TimeSpan LonersPatience = TimeSpan.FromSeconds(5);

    /// <summary>A claim is worth its round trip from a fourth of the room on.</summary>
    private const int LeastShareOfRoom = 4;

    private readonly Queue<WaitingAttempt> _waiting = new();
    private readonly List<TaskState> _unreadable = [];
    private readonly OwnedAttempts _owned = new();
    private readonly SlotTable _slots = new(context);
    private readonly PrefetchWindow _window = new(context.Options);
    private TaskState? _alone;
    private TimeSpan _aloneUntil;
    private int _reserved;

    /// <summary>How many more attempts the node would take on from the queue.</summary>
    public int Free => HasLoner ? 0 : Math.Max(0, Room - _owned.Count - _reserved);

    /// <summary>How many more attempts would start here at once, or as soon as the short ones before them have ended.</summary>
    public int FreeSoon => HasLoner ? 0 : Math.Max(0, FreeSlots + (context.SlotLimit is null ? _window.Paced : 0));

    /// <summary>Whether it is time to take on more: so much is free that it is worth a claim, or nothing waits for the next slot.</summary>
    public bool WantsMore => Free > 0 && (Free >= Room / LeastShareOfRoom || _waiting.Count == 0);

    /// <summary>When, in the store's time, attempts will be past a limit, or have waited for so long that they are given back; null while none may.</summary>
    public DateTimeOffset? NextDue => PipelineContext.Earlier(
        _nextLimit, _waiting.TryPeek(out var oldest) && oldest.PatienceEnds <= context.Monotonic ? oldest.PatienceEndsInStore : null);

    /// <summary>When, on the monotonic clock, attempts will have waited for so long that they are given back; null while none may.</summary>
    public TimeSpan? NextWake => PipelineContext.Earlier<TimeSpan>(
        _waiting.TryPeek(out var oldest) && oldest.PatienceEnds > context.Monotonic ? oldest.PatienceEnds : null,
        WaitingLoner is null ? null : _aloneUntil);

    public int RunningCount => _slots.RunningCount;

    public int HungCount => _slots.HungCount;

    /// <summary>How many attempts have ended here whose outcome the store has not taken yet.</summary>
    public int LeavingCount => _owned.LeavingCount;

    /// <summary>Whether inserts are under way whose rows may turn out to be owned by this node.</summary>
    public bool HasReserved => _reserved > 0;

    /// <summary>The attempts that are owned and whose handlers have not been called.</summary>
    public IEnumerable<TaskId> Waiting => _owned.All.Where(task => !_slots.Holds(task.Id, task.Attempt)).Select(task => task.Id);

    public bool IsEmpty => _owned.Count == 0 && _reserved == 0 && LeavingCount == 0;

    /// <summary>Keeps room for a task that is to be inserted as claimed: a slot that is free, or will be as soon as short attempts have ended.</summary>
    /// <remarks>A child of a task that runs here gets a free slot or none: its parent may be what holds the others.</remarks>
    public bool TryReserve(TaskState task)
    {
        var isChild = task.Spec.Parent is { } id && _owned.Find(id) is { } parent && _slots.Holds(parent.Id, parent.Attempt);
        if (HasLoner || (isChild ? FreeSlots : FreeSoon) <= 0)
        {
            return false;
        }

        _reserved++;
        return true;
    }

    public void Unreserve(int count) => _reserved -= count;

    /// <summary>Takes on an attempt that the store says is this node's.</summary>
    public void Take(TaskState task)
    {
        _owned.Add(task);
        if (task.Damage is null)
        {
            _waiting.Enqueue(new WaitingAttempt(task, context.Monotonic, context.Now));
            NoteLimit(task);
        }
        else
        {
            _unreadable.Add(task);
        }
    }

    /// <inheritdoc cref="OwnedAttempts.BeginListing"/>
    public void BeginListing() => _owned.BeginListing();

    /// <summary>Whether a handler has run since a monotonic time or longer.</summary>
    public bool HasRunSince(TimeSpan time) => _slots.HasRunSince(time);

    /// <summary>Takes on those listed rows that the node did not know it owned, and gives up what it believed to own and is not listed.</summary>
    /// <remarks>Nothing may make this node an owner while the rows are listed: so what is not listed is another's by now, or has ended.</remarks>
    public void EndListing(IReadOnlyList<TaskState> listed)
    {
        foreach (var task in _owned.FindUnlisted(listed))
        {
            Void(task.Id, task.Attempt);
        }

        foreach (var task in _owned.EndListing(listed).Where(task => !_slots.Holds(task.Id, task.Attempt)))
        {
            Take(task);
        }
    }

    /// <summary>Takes the attempt that has ended out of the stage; null when it is not this node's any more.</summary>
    /// <param name="id">The task.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="keepsSlot">Whether the handler has been given up on but still runs: its slot stays taken until <see cref="FreeSlot"/>.</param>
    public TaskState? End(TaskId id, int attempt, bool keepsSlot)
    {
        if (_slots.End(id, attempt, keepsSlot) is not { } started)
        {
            return null;
        }

        _window.OnEnded(context.Monotonic - started.Since);
        LeaveAlone(id, attempt);
        return Leave(started.Task) ? started.Task : null;
    }

    /// <summary>Returns an attempt that is this node's and whose handler runs; null when there is none.</summary>
    public TaskState? FindRunning(TaskId id, int attempt) => _owned.Find(id)?.Attempt == attempt ? _slots.Find(id, attempt) : null;

    /// <summary>Takes note of what an attempt's row has become: the attempt's end is decided on it.</summary>
    public void Replace(TaskState task)
    {
        if (_owned.Has(task))
        {
            _owned.Add(task);
            _slots.Replace(task);
        }
    }

    /// <summary>Takes back the slot of a handler that was given up on and has now ended.</summary>
    public void FreeSlot(TaskId id, int attempt) => _slots.FreeHung(id, attempt);

    /// <summary>Lets others use the slot of a handler that waits for other tasks, until it goes on.</summary>
    public void Lend(TaskId id, int attempt, bool isLent) => _slots.Lend(id, attempt, isLent);

    /// <inheritdoc cref="OwnedAttempts.Settle"/>
    public void Settle(TaskId id, int attempt) => _owned.Settle(id, attempt);

    /// <summary>Gives up an attempt that is void: stopped if it runs, dropped if it does not.</summary>
    public void Void(TaskId id, int attempt)
    {
        if (!_owned.Drop(id, attempt))
        {
            return;
        }

        if (_slots.Holds(id, attempt))
        {
            // The slot stays taken until the handler has really ended.
            context.Add(new StopAttempt(id, attempt, StopReason.Voided));
        }
        else
        {
            LeaveAlone(id, attempt);
        }
    }

    /// <summary>Takes out every attempt that has not started.</summary>
    public IReadOnlyList<TaskState> TakeWaiting()
    {
        var waiting = TakeNeighbours();
        return WaitingLoner is { } alone && Leave(alone) ? [alone, .. waiting] : waiting;
    }

    /// <summary>Takes out every attempt that has not started, but for one that wants to run alone.</summary>
    public List<TaskState> TakeNeighbours()
    {
        var taken = _waiting.Select(waiting => waiting.Task).Where(task => MayStart(task) && Leave(task)).ToList();
        _waiting.Clear();
        return taken;
    }

    /// <summary>Takes out everything that waits once the oldest has waited behind others for too long: another node may be idle.</summary>
    /// <remarks>For too long by both clocks: while the store's time stands still, because it was set back, nobody could claim what is given back.</remarks>
    public IReadOnlyList<TaskState> TakeStalled()
    {
        while (_waiting.TryPeek(out var oldest) && !MayStart(oldest.Task))
        {
            _waiting.Dequeue();
        }

        if (!_waiting.TryPeek(out var first) || context.Monotonic < first.PatienceEnds || context.Now < first.PatienceEndsInStore)
        {
            return [];
        }

        _window.OnStalled();
        return TakeNeighbours();
    }

    /// <summary>Takes out the task that is to run alone once it has waited too long for the others to end; null while it may wait.</summary>
    public TaskState? TakeHeldUpLoner() => context.Monotonic >= _aloneUntil && WaitingLoner is { } alone && Leave(alone) ? alone : null;

    /// <summary>Takes out what cannot be run because its row cannot be read.</summary>
    public List<TaskState> TakeUnreadable()
    {
        var taken = _unreadable.Where(task => MayStart(task) && Leave(task)).ToList();
        _unreadable.Clear();
        return taken;
    }

    /// <summary>Asks every running handler to stop, without giving up its attempt.</summary>
    public void StopRunning(StopReason reason)
    {
        foreach (var task in _slots.Running)
        {
            context.Add(new StopAttempt(task.Id, task.Attempt, reason));
        }
    }

    /// <summary>Takes out every attempt that runs, with when it was started. Its handler keeps its slot, and what it reports changes nothing.</summary>
    public IReadOnlyList<(TaskState Task, DateTimeOffset StartedAt)> TakeRunning() =>
        [.. _slots.GiveUpRunning().Where(started => Leave(started.Task)).Select(started => (started.Task, started.At))];

    /// <summary>Whether a task wants the node for itself: the others are to be given back. While it waits for other tasks it does not.</summary>
    public bool HasLoner => _alone is { } alone && !_slots.IsLent(alone.Id, alone.Attempt);

    /// <summary>Starts what may start.</summary>
    /// <param name="isQuiet">Whether no answer is on its way that may make this node an owner.</param>
    public void Pump(bool isQuiet)
    {
        while (context.HoldsLease && !HasLoner && _slots.Free > 0 && _waiting.TryDequeue(out var waiting))
        {
            var next = waiting.Task;
            if (!MayStart(next))
            {
                continue;
            }

            if (next.IsIsolated)
            {
                (_alone, _aloneUntil) = (next, context.Monotonic + LonersPatience);
                break;
            }

            Start(next);
        }

        if (WaitingLoner is { } alone && context.HoldsLease && _slots.Free > 0 && isQuiet && OwnsNothingBeside(alone)
            && _slots.WorkingCount + _reserved + LeavingCount == 0)
        {
            Start(alone);
        }
    }

    private int Room => _slots.Usable == 0 ? 0 : _slots.Usable + _slots.RunningCount - _slots.WorkingCount + (context.SlotLimit is null ? _window.Size : 0);

    private int FreeSlots => _slots.Free - _waiting.Count - _reserved;

    private TaskState? WaitingLoner => _alone is { } alone && MayStart(alone) ? alone : null;

    /// <summary>Whether all that the node owns but one task waits for other tasks.</summary>
    private bool OwnsNothingBeside(TaskState alone) => _owned.All.All(task => task.Id == alone.Id || _slots.IsLent(task.Id, task.Attempt));

    /// <summary>Whether an attempt that was taken on is still this node's and has not started.</summary>
    private bool MayStart(TaskState task) => _owned.Has(task) && !_slots.Holds(task.Id, task.Attempt);

    private void Start(TaskState task)
    {
        _slots.Take(task);
        context.Add(new StartAttempt(task));
    }

    private bool Leave(TaskState task)
    {
        if (!_owned.Leave(task))
        {
            return false;
        }

        LeaveAlone(task.Id, task.Attempt);
        return true;
    }

    private void LeaveAlone(TaskId id, int attempt)
    {
        if (_alone is { } alone && alone.Id == id && alone.Attempt == attempt)
        {
            _alone = null;
        }
    }
}
