namespace FaultTolerance.Grains.Scheduling;

/// <summary>Wakes the dependents of tasks that have ended: first resolve the edges, then, in a later transaction, queue whoever waits for nothing.</summary>
/// <remarks>
/// What it holds may be lost with the process: the sweep over old waiting rows finds the rest. So it may also drop what passes
/// its limit, instead of growing while the store is away.
/// </remarks>
internal sealed class WakeStage(PipelineContext context)
{
    private const int MaxBatch = 500;
    private const int MaxHeld = 100_000;

    private readonly Queue<TaskId> _new = new();
    private readonly Queue<TaskId> _ended = new();
    private readonly Queue<TaskId> _dependents = new();
    private readonly Dictionary<long, (Queue<TaskId> Source, List<TaskId> Ids)> _underWay = [];
    private TimeSpan _notBefore;

    public bool IsEmpty => _new.Count + _ended.Count + _dependents.Count + _underWay.Count == 0;

    /// <summary>When the stage next wants to be called even if nothing happens.</summary>
    public TimeSpan? NextWake => context.Monotonic < _notBefore && _new.Count + _ended.Count + _dependents.Count > 0 ? _notBefore : null;

    /// <summary>Looks whether new dependents have anything left to wait for.</summary>
    public void LookAt(IEnumerable<TaskId> dependents) => Hold(_new, dependents);

    /// <summary>Resolves the edges from tasks whose end is committed.</summary>
    public void Resolve(IEnumerable<TaskId> ended) => Hold(_ended, ended);

    public void Pump()
    {
        if (context.Monotonic < _notBefore)
        {
            return;
        }

        Send(_new, (operation, ids) => new LookAtDependencies(operation, ids));
        Send(_ended, (operation, ids) => new ResolveEdges(operation, ids));
        Send(_dependents, (operation, ids) => new WakeTasks(operation, ids, context.NewToken()));
    }

    public bool TryTake(DependentsFound found)
    {
        if (!_underWay.Remove(found.Operation))
        {
            return false;
        }

        Hold(_dependents, found.Dependents);
        return true;
    }

    public bool TryTake(TasksWoken woken) => _underWay.Remove(woken.Operation);

    public bool TryFail(OperationFailed failed)
    {
        if (!_underWay.Remove(failed.Operation, out var step))
        {
            return false;
        }

        Hold(step.Source, step.Ids);
        _notBefore = context.Monotonic + context.Options.RepeatDelay;
        return true;
    }

    private static void Hold(Queue<TaskId> queue, IEnumerable<TaskId> ids)
    {
        foreach (var id in ids)
        {
            if (queue.Count >= MaxHeld)
            {
                return;
            }

            queue.Enqueue(id);
        }
    }

    /// <summary>Sends one batch of a step, unless one of the same step is under way: the next collects meanwhile.</summary>
    private void Send(Queue<TaskId> source, Func<long, IReadOnlyList<TaskId>, PipelineEffect> step)
    {
        if (source.Count == 0 || _underWay.Values.Any(other => ReferenceEquals(other.Source, source)))
        {
            return;
        }

        var ids = new HashSet<TaskId>();
        while (ids.Count < MaxBatch && source.TryDequeue(out var id))
        {
            ids.Add(id);
        }

        var batch = ids.ToList();
        var operation = context.NextOperation();
        _underWay.Add(operation, (source, batch));
        context.Add(step(operation, batch));
    }
}
