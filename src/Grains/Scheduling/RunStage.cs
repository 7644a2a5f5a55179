using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Holds the attempts that the node owns and starts them as slots become free, first come, first served.</summary>
/// <remarks>
/// <para>Nothing starts without the lease.</para>
/// <para>A task that was on two nodes that died runs alone: its neighbours are given back, and it is started only when the node
/// owns nothing else and owes the store nothing. If it kills its node it is charged alone.</para>
/// </remarks>
internal sealed class RunStage(PipelineContext context)
{
    /// <summary>A claim is worth its round trip from a fourth of the room on.</summary>
    private const int LeastShareOfRoom = 4;

    private readonly Queue<TaskState> _waiting = new();
    private readonly List<TaskState> _unreadable = [];
    private readonly Dictionary<TaskId, TaskState> _owned = [];
    private readonly Dictionary<(TaskId Id, int Attempt), (TaskState Task, DateTimeOffset At)> _running = [];
    private readonly HashSet<(TaskId, int)> _stuck = [];
    private readonly HashSet<(TaskId, int)> _leaving = [];
    private readonly PrefetchWindow _window = new(context.Options);
    private HashSet<(TaskId, int)>? _gone;
    private TaskState? _alone;
    private int _reserved;

    /// <summary>How many more attempts the node would take on.</summary>
    public int Free
    {
        get
        {
            var free = Room - _owned.Count - _reserved;
            return _alone is not null || free < 0 ? 0 : free;
        }
    }

    /// <summary>Whether it is time to take on more: so much is free that it is worth a claim, or nothing waits for the next slot.</summary>
    public bool WantsMore => Free > 0 && (Free >= Room / LeastShareOfRoom || _waiting.Count == 0);

    /// <summary>When attempts will have waited for so long that they are given back; null while none may.</summary>
    public DateTimeOffset? NextWake =>
        _waiting.Count > _window.Ordinary && _waiting.TryPeek(out var oldest) ? PatienceEnds(oldest) : null;

    private int Room => context.Options.Slots + _window.Size;

    public int RunningCount => _running.Count;

    /// <summary>How many attempts have ended here whose outcome the store has not taken yet.</summary>
    public int LeavingCount => _leaving.Count;

    /// <summary>Whether inserts are under way whose rows may turn out to be owned by this node.</summary>
    public bool HasReserved => _reserved > 0;

    /// <summary>The attempts that are owned and whose handlers have not been called.</summary>
    public IEnumerable<TaskId> Waiting => _owned.Values.Where(task => !_running.ContainsKey((task.Id, task.Attempt))).Select(task => task.Id);

    public bool IsEmpty => _owned.Count == 0 && _reserved == 0 && _leaving.Count == 0;

    /// <summary>Keeps room for a task that is being inserted as claimed.</summary>
    public bool TryReserve()
    {
        if (Free == 0)
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
        _owned[task.Id] = task;
        if (task.Damage is null)
        {
            _waiting.Enqueue(task);
        }
        else
        {
            _unreadable.Add(task);
        }
    }

    /// <summary>From now on remembers which attempts left, until the list of owned rows is here: the list may still show them.</summary>
    public void BeginListing() => _gone = [.. _leaving];

    /// <summary>Takes on those listed rows that the node did not know it owned.</summary>
    public void EndListing(IReadOnlyList<TaskState> listed)
    {
        var gone = _gone ?? [];
        _gone = null;
        foreach (var task in listed)
        {
            var name = (task.Id, task.Attempt);
            if (!_owned.ContainsKey(task.Id) && !gone.Contains(name) && !_running.ContainsKey(name))
            {
                Take(task);
            }
        }
    }

    /// <summary>Takes the attempt that has ended out of the stage; null when it is not this node's any more.</summary>
    /// <param name="id">The task.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="keepsSlot">Whether the handler has been given up on but still runs: its slot stays taken until <see cref="FreeSlot"/>.</param>
    public TaskState? End(TaskId id, int attempt, bool keepsSlot)
    {
        if (!_running.Remove((id, attempt), out var started))
        {
            return null;
        }

        var task = started.Task;
        _window.OnEnded(context.Now - started.At);
        if (keepsSlot)
        {
            _stuck.Add((id, attempt));
        }

        LeaveAlone(id, attempt);
        return Leave(task) ? task : null;
    }

    /// <summary>Takes back the slot of a handler that was given up on and has now ended.</summary>
    public void FreeSlot(TaskId id, int attempt) => _stuck.Remove((id, attempt));

    /// <summary>Says that the store has answered what became of an attempt that left.</summary>
    public void Settle(TaskId id, int attempt) => _leaving.Remove((id, attempt));

    /// <summary>Gives up an attempt that is void: stopped if it runs, dropped if it does not.</summary>
    public void Void(TaskId id, int attempt)
    {
        if (!Forget(id, attempt))
        {
            return;
        }

        if (_running.ContainsKey((id, attempt)))
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
        return _alone is { } alone && MayStart(alone) && Leave(alone) ? [alone, .. waiting] : waiting;
    }

    /// <summary>Takes out every attempt that has not started, but for one that wants to run alone.</summary>
    public List<TaskState> TakeNeighbours()
    {
        var taken = _waiting.Where(task => MayStart(task) && Leave(task)).ToList();
        _waiting.Clear();
        return taken;
    }

    /// <summary>Takes out what was taken on because attempts were short, once it has waited behind others that are not.</summary>
    public IReadOnlyList<TaskState> TakeStalled()
    {
        while (_waiting.TryPeek(out var oldest) && !MayStart(oldest))
        {
            _waiting.Dequeue();
        }

        if (NextWake is not { } end || context.Now < end)
        {
            return [];
        }

        var waiting = _waiting.Where(MayStart).ToList();
        _waiting.Clear();
        waiting.Take(_window.Ordinary).ToList().ForEach(_waiting.Enqueue);
        _window.OnStalled();
        return waiting.Skip(_window.Ordinary).Where(Leave).ToList();
    }

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
        foreach (var (task, _) in _running.Values)
        {
            context.Add(new StopAttempt(task.Id, task.Attempt, reason));
        }
    }

    /// <summary>Whether a task wants the node for itself: the others are to be given back.</summary>
    public bool HasLoner => _alone is not null;

    /// <summary>Starts what may start.</summary>
    /// <param name="isQuiet">Whether no answer is on its way that may make this node an owner.</param>
    public void Pump(bool isQuiet)
    {
        while (context.HoldsLease && _alone is null && HasSlot && _waiting.TryDequeue(out var next))
        {
            if (!MayStart(next))
            {
                continue;
            }

            if (next.IsIsolated)
            {
                _alone = next;
                break;
            }

            Start(next);
        }

        if (_alone is { } alone && MayStart(alone) && context.HoldsLease && HasSlot && isQuiet && _owned.Count == 1 && _running.Count + _reserved + _leaving.Count == 0)
        {
            Start(alone);
        }
    }

    private bool HasSlot => _running.Count + _stuck.Count < context.Options.Slots;

    /// <summary>Whether an attempt that was taken on is still this node's and has not started.</summary>
    private bool MayStart(TaskState task) =>
        _owned.TryGetValue(task.Id, out var owned) && owned.Attempt == task.Attempt && !_running.ContainsKey((task.Id, task.Attempt));

    private static DateTimeOffset PatienceEnds(TaskState task) => (task.Claimed ?? task.Created) + PrefetchWindow.Patience;

    private void Start(TaskState task)
    {
        _running.Add((task.Id, task.Attempt), (task, context.Now));
        context.Add(new StartAttempt(task));
    }

    private bool Leave(TaskState task)
    {
        if (!Forget(task.Id, task.Attempt))
        {
            return false;
        }

        LeaveAlone(task.Id, task.Attempt);
        _leaving.Add((task.Id, task.Attempt));
        return true;
    }

    private void LeaveAlone(TaskId id, int attempt)
    {
        if (_alone is { } alone && alone.Id == id && alone.Attempt == attempt)
        {
            _alone = null;
        }
    }

    private bool Forget(TaskId id, int attempt)
    {
        if (!_owned.TryGetValue(id, out var task) || task.Attempt != attempt)
        {
            return false;
        }

        _owned.Remove(id);
        _gone?.Add((id, attempt));
        return true;
    }
}
