using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>What must hold in every run, looked at whenever a row changes and a handler starts. The first breach ends the run.</summary>
internal sealed class SimulationInvariants
{
    private readonly TaskBudgets _budgets;
    private readonly Dictionary<TaskId, TaskRow> _rows = [];
    private readonly Dictionary<TaskId, int> _ends = [];
    private readonly Dictionary<TaskId, int> _starts = [];
    private readonly HashSet<(TaskId, int)> _started = [];
    private readonly Dictionary<NodeIncarnation, int> _slotLimits = [];
    private readonly Dictionary<TaskId, List<RunningHandler>> _handlers = [];
    private readonly HashSet<TaskId> _acknowledged = [];
    private readonly Dictionary<TaskId, int> _progress = [];

    public SimulationInvariants(Timeline timeline, Func<string, TimeSpan> cutOffUntil, SimulationOptions options, TaskBudgets budgets)
    {
        _budgets = budgets;
        Lives = new LifeInvariants(timeline, what => Violate(what), cutOffUntil, options);
    }

    /// <summary>What must hold of nodes.</summary>
    public LifeInvariants Lives { get; }

    /// <summary>How many attempts were started.</summary>
    public int Started => _started.Count;

    /// <summary>The tasks that are not final yet.</summary>
    public UnfinishedTasks Unfinished { get; } = new();

    /// <summary>What was broken first; null while everything holds.</summary>
    public string? Violation { get; private set; }

    /// <summary>The task concerned, if one is.</summary>
    public TaskId? Culprit { get; private set; }

    public IReadOnlyCollection<TaskId> Acknowledged => _acknowledged;

    public IReadOnlyDictionary<TaskId, TaskRow> Rows => _rows;

    public void Violate(string what, TaskId? task = null)
    {
        if (Violation is null)
        {
            (Violation, Culprit) = (what, task);
        }
    }

    /// <summary>Accepted is safe: what a client is told is accepted stands in the store.</summary>
    public void Accepted(TaskId task)
    {
        _acknowledged.Add(task);
        if (!_rows.ContainsKey(task))
        {
            Violate("A task was acknowledged that is not stored.", task);
        }
    }

    /// <summary>Rows go from phase to phase as they may, attempts never fall, and each task becomes final once.</summary>
    public void RowChanged(TaskRow row)
    {
        var old = _rows.GetValueOrDefault(row.Id);
        _rows[row.Id] = row;
        Unfinished.Change(old, row);
        if (row.Phase.IsFinal() && old?.Phase != row.Phase)
        {
            _ends[row.Id] = _ends.GetValueOrDefault(row.Id) + 1;
        }

        if (_ends.GetValueOrDefault(row.Id) > 1)
        {
            Violate($"A task became final twice: {old?.Phase}, then {row.Phase}.", row.Id);
        }
        else if (row.Attempt < (old?.Attempt ?? 0))
        {
            Violate($"The attempt of a task fell from {old!.Attempt} to {row.Attempt}.", row.Id);
        }
        else if (!IsWay(old, row))
        {
            Violate($"A task went from {Describe(old)} to {Describe(row)}.", row.Id);
        }
        else if (row is { Phase: TaskPhase.Succeeded, Result: { } result } && SimulatedResult.AttemptOf(result) != row.Attempt)
        {
            Violate($"A task ended in attempt {row.Attempt} with the result of attempt {SimulatedResult.AttemptOf(result)}.", row.Id);
        }
        else if (old is not null && !ReferenceEquals(old.Life, row.Life) && _budgets.FindOverspent(row) is { } overspent)
        {
            Violate(overspent, row.Id);
        }
    }

    /// <summary>A node whose lease has ended stops what it runs.</summary>
    public void TurnTaken(NodeIncarnation node, TaskId? unstopped)
    {
        if (unstopped is not null && !Lives.MayRun(node))
        {
            Violate($"Node {node} lets a handler run on although its lease has ended.", unstopped);
        }
    }

    /// <summary>A handler starts on a node that holds its lease, after everything that the task needs has ended, and beside no other attempt of it.</summary>
    public void HandlerStarted(TaskId task, int attempt, NodeIncarnation node, IReadOnlyList<TaskId> needs, int? maxAttempts)
    {
        if (!Lives.MayRun(node))
        {
            Violate($"A handler started on {node}, whose lease has ended.", task);
        }

        if (!_started.Add((task, attempt)))
        {
            Violate($"Attempt {attempt} of a task started twice.", task);
        }

        foreach (var needed in needs.Where(needed => _rows.TryGetValue(needed, out var row) && !row.Phase.IsFinal()))
        {
            Violate($"A task started while task {needed}, whose result it needs, was {_rows[needed].Phase}.", task);
        }

        var handlers = _handlers.TryGetValue(task, out var known) ? known : _handlers[task] = [];
        if (handlers.Find(other => !other.IsGivenUp && Lives.IsProtected(other.Node)) is { } running)
        {
            Violate($"Attempt {attempt} started on {node} while attempt {running.Attempt} ran on {running.Node}, which nobody may take over from.", task);
        }

        handlers.Add(new RunningHandler(attempt, node));
        if ((_starts[task] = _starts.GetValueOrDefault(task) + 1) > maxAttempts)
        {
            Violate($"A task that may start {maxAttempts} attempts started {_starts[task]}.", task);
        }
    }

    /// <summary>A handler was told that its progress is durable.</summary>
    public void ProgressSaved(TaskId task, int progress) => _progress[task] = Math.Max(progress, _progress.GetValueOrDefault(task));

    /// <summary>An attempt continues from what was said to be durable, or from something newer.</summary>
    public void ProgressFound(TaskId task, int attempt, int progress)
    {
        if (progress < _progress.GetValueOrDefault(task))
        {
            Violate($"Attempt {attempt} starts at progress {progress}, and {_progress[task]} was said to be saved.", task);
        }
    }

    /// <summary>A handler that ignores its token is allowed to overlap: its outcome is decided, and nobody can stop it.</summary>
    public void HandlerGivenUp(TaskId task, int attempt, NodeIncarnation node)
    {
        if (_handlers[task].Find(handler => handler.Attempt == attempt && handler.Node == node) is { } handler)
        {
            handler.IsGivenUp = true;
        }
    }

    public void HandlerEnded(TaskId task, int attempt, NodeIncarnation node) =>
        _handlers[task].RemoveAll(handler => handler.Attempt == attempt && handler.Node == node);

    /// <summary>A node may use fewer slots from now on; what runs goes on.</summary>
    public void SlotsLimited(NodeIncarnation node, int? slots)
    {
        if (slots is { } limit)
        {
            _slotLimits[node] = limit;
        }
        else
        {
            _slotLimits.Remove(node);
        }
    }

    public void SlotsTaken(NodeIncarnation node, int taken, int slots)
    {
        var usable = Math.Min(slots, _slotLimits.GetValueOrDefault(node, slots));
        if (taken > usable)
        {
            Violate($"Node {node} runs {taken} handlers in {usable} slots.");
        }
    }

    /// <summary>When faults have stopped and time enough has passed nothing is left, and everything acknowledged has an outcome.</summary>
    public void CameToRest()
    {
        foreach (var row in _rows.Values.Where(row => !row.Phase.IsFinal()))
        {
            Violate($"A task was left {Describe(row)}.", row.Id);
        }

        foreach (var lost in _acknowledged.Where(id => !_rows.ContainsKey(id)))
        {
            Violate("An acknowledged task is lost.", lost);
        }
    }

    private static bool IsWay(TaskRow? old, TaskRow row) => (old?.Phase, row.Phase) switch
    {
        (null, TaskPhase.Waiting or TaskPhase.Queued) => row.Attempt == 0 && row.Owner.IsNone,
        (null, TaskPhase.Running) => row.Attempt == 1 && !row.Owner.IsNone,
        (TaskPhase.Waiting, TaskPhase.Queued) => row.Attempt == 0 && row.Owner.IsNone,
        (TaskPhase.Queued, TaskPhase.Running) => row.Attempt == old!.Attempt + 1 && !row.Owner.IsNone,
        (TaskPhase.Running, TaskPhase.Running) => row.Attempt == old!.Attempt && row.Owner == old.Owner,
        (TaskPhase.Running, TaskPhase.Queued) => row.Attempt == old!.Attempt && row.Owner.IsNone,
        (TaskPhase.Running, TaskPhase.Succeeded) => row.Attempt == old!.Attempt,
        (TaskPhase.Waiting or TaskPhase.Queued or TaskPhase.Running, TaskPhase.Failed or TaskPhase.Cancelled) => row.Attempt == old!.Attempt,
        _ => false,
    };

    private static string Describe(TaskRow? row) => row is null ? "nothing" : $"{row.Phase} in attempt {row.Attempt} of {row.Owner}";

    private sealed class RunningHandler(int attempt, NodeIncarnation node)
    {
        public int Attempt => attempt;

        public NodeIncarnation Node => node;

        public bool IsGivenUp { get; set; }
    }
}
