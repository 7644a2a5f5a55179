using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Holds the attempts that the node owns and starts them as slots become free, first come, first served.</summary>
/// <remarks>
/// A task that was on two nodes that died is started only when nothing else runs, and nothing else is started beside it: so a
/// task that kills its node is charged alone.
/// </remarks>
internal sealed class RunStage(PipelineContext context)
{
    private readonly Queue<TaskState> _waiting = new();
    private readonly HashSet<(TaskId, int)> _voided = [];
    private readonly Dictionary<TaskId, TaskState> _owned = [];
    private readonly Dictionary<(TaskId Id, int Attempt), TaskState> _running = [];
    private readonly HashSet<(TaskId, int)> _stuck = [];
    private HashSet<(TaskId, int)>? _gone;
    private bool _runsAlone;
    private int _reserved;

    /// <summary>How many more attempts the node would take on.</summary>
    public int Free
    {
        get
        {
            var room = (context.Options.Slots * (1 + context.Options.PrefetchFactor)) - _owned.Count - _reserved;
            return _runsAlone || room < 0 ? 0 : room;
        }
    }

    public int RunningCount => _running.Count;

    /// <summary>The attempts that are owned and whose handlers have not been called.</summary>
    public IEnumerable<TaskId> Waiting => _owned.Values.Where(task => !_running.ContainsKey((task.Id, task.Attempt))).Select(task => task.Id);

    public bool IsEmpty => _owned.Count == 0 && _reserved == 0;

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
        _waiting.Enqueue(task);
    }

    /// <summary>From now on remembers which attempts left, until the list of owned rows is here: the list may still show them.</summary>
    public void BeginListing() => _gone = [];

    /// <summary>Takes on those listed rows that the node did not know it owned.</summary>
    public void EndListing(IReadOnlyList<TaskState> listed)
    {
        var gone = _gone ?? [];
        _gone = null;
        foreach (var task in listed.Where(task => !_owned.ContainsKey(task.Id) && !gone.Contains((task.Id, task.Attempt))))
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
        if (!_running.Remove((id, attempt), out var task))
        {
            return null;
        }

        if (keepsSlot)
        {
            _stuck.Add((id, attempt));
        }

        _runsAlone = false;
        return Forget(id, attempt) ? task : null;
    }

    /// <summary>Takes back the slot of a handler that was given up on and has now ended.</summary>
    public void FreeSlot(TaskId id, int attempt) => _stuck.Remove((id, attempt));

    /// <summary>Gives up an attempt that is void: stopped if it runs, dropped if it does not.</summary>
    public void Void(TaskId id, int attempt, StopReason reason)
    {
        if (!Forget(id, attempt))
        {
            return;
        }

        if (_running.ContainsKey((id, attempt)))
        {
            // The slot stays taken until the handler has really ended.
            context.Add(new StopAttempt(id, attempt, reason));
        }
        else
        {
            _voided.Add((id, attempt));
        }
    }

    /// <summary>Gives up everything at once, because the node has lost its lease.</summary>
    public void VoidAll(StopReason reason)
    {
        foreach (var task in _owned.Values.ToList())
        {
            Void(task.Id, task.Attempt, reason);
        }
    }

    /// <summary>Takes out every attempt that has not started.</summary>
    public IReadOnlyList<TaskState> TakeWaiting()
    {
        var waiting = _waiting.Where(task => !_voided.Contains((task.Id, task.Attempt))).ToList();
        _waiting.Clear();
        _voided.Clear();
        foreach (var task in waiting)
        {
            Forget(task.Id, task.Attempt);
        }

        return waiting;
    }

    /// <summary>Asks every running handler to stop, without giving up its attempt.</summary>
    public void StopRunning(StopReason reason)
    {
        foreach (var task in _running.Values)
        {
            context.Add(new StopAttempt(task.Id, task.Attempt, reason));
        }
    }

    /// <summary>Starts what may start.</summary>
    public void Pump()
    {
        while (!_runsAlone && _running.Count + _stuck.Count < context.Options.Slots && _waiting.TryPeek(out var next))
        {
            if (_voided.Remove((next.Id, next.Attempt)))
            {
                _waiting.Dequeue();
                continue;
            }

            if (next.IsIsolated && _running.Count > 0)
            {
                return;
            }

            _waiting.Dequeue();
            _running.Add((next.Id, next.Attempt), next);
            _runsAlone = next.IsIsolated;
            context.Add(new StartAttempt(next));
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
