using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>Who holds the node's slots: handlers that run, and handlers that were given up on and still run. Handlers that wait for other tasks lend theirs.</summary>
internal sealed class SlotTable(PipelineContext context)
{
    private readonly Dictionary<(TaskId Id, int Attempt), StartedAttempt> _running = [];
    private readonly HashSet<(TaskId, int)> _hung = [];
    private readonly HashSet<(TaskId, int)> _lent = [];

    public int RunningCount => _running.Count;

    /// <summary>How many handlers were given up on and have not ended yet.</summary>
    public int HungCount => _hung.Count;

    public IEnumerable<TaskState> Running => _running.Values.Select(started => started.Task);

    /// <summary>How many handlers run and do not wait for other tasks.</summary>
    public int WorkingCount => _running.Count - _lent.Count;

    /// <summary>How many attempts may run at a time: all slots but those of handlers that were given up on.</summary>
    public int Usable => Math.Max(0, Slots - _hung.Count);

    /// <summary>How many slots nobody holds. Below zero while handlers that had lent theirs have gone on.</summary>
    public int Free => Slots - WorkingCount - _hung.Count;

    private int Slots => Math.Min(context.Options.Slots, context.SlotLimit ?? context.Options.Slots);

    public bool Holds(TaskId id, int attempt) => _running.ContainsKey((id, attempt));

    public TaskState? Find(TaskId id, int attempt) => _running.TryGetValue((id, attempt), out var started) ? started.Task : null;

    /// <summary>Takes note of what a running attempt's row has become.</summary>
    public void Replace(TaskState task)
    {
        if (_running.TryGetValue((task.Id, task.Attempt), out var started))
        {
            _running[(task.Id, task.Attempt)] = started with { Task = task };
        }
    }

    public bool IsLent(TaskId id, int attempt) => _lent.Contains((id, attempt));

    /// <summary>Whether a handler has run since a monotonic time or longer.</summary>
    public bool HasRunSince(TimeSpan time) => _running.Values.Any(started => started.Since <= time);

    public void Take(TaskState task) => _running.Add((task.Id, task.Attempt), new StartedAttempt(task, context.Now, context.Monotonic));

    /// <summary>Notes that an attempt has ended; null when it does not run here.</summary>
    /// <param name="id">The task.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="keepsSlot">Whether its handler was given up on and still runs.</param>
    public StartedAttempt? End(TaskId id, int attempt, bool keepsSlot)
    {
        if (!_running.Remove((id, attempt), out var started))
        {
            return null;
        }

        _lent.Remove((id, attempt));
        if (keepsSlot)
        {
            _hung.Add((id, attempt));
        }

        return started;
    }

    /// <summary>Gives up on every handler that runs, and returns their attempts. Each keeps its slot until it ends.</summary>
    public IReadOnlyList<StartedAttempt> GiveUpRunning() =>
        [.. _running.Keys.ToList().Select(name => End(name.Id, name.Attempt, keepsSlot: true)!)];

    /// <summary>Takes back the slot of a handler that was given up on and has now ended.</summary>
    public void FreeHung(TaskId id, int attempt) => _hung.Remove((id, attempt));

    /// <summary>Lends the slot of a handler that waits, as far as the limit allows, or ends the loan.</summary>
    public void Lend(TaskId id, int attempt, bool isLent)
    {
        if (!isLent)
        {
            _lent.Remove((id, attempt));
        }
        else if (Holds(id, attempt) && _lent.Count < context.Options.MaxLentSlots)
        {
            _lent.Add((id, attempt));
        }
    }
}
