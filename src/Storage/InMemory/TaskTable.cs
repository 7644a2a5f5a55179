using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.InMemory;

/// <summary>The rows of tasks with the indexes over them, their keys, parts and edges, as plain data.</summary>
internal sealed class TaskTable
{
    private readonly Dictionary<TaskId, TaskRow> _rows = [];
    private readonly SortedSet<TaskId> _ids = [];
    private readonly SortedSet<Timed> _queued = [];
    private readonly SortedSet<Timed> _final = [];
    private readonly SortedDictionary<NodeIncarnation, int> _owners = [];
    private readonly long[] _counts = new long[Enum.GetValues<TaskPhase>().Length];
    private readonly Dictionary<string, TaskId> _holders = new(StringComparer.Ordinal);
    private readonly Dictionary<TaskId, string> _keys = [];
    private readonly Dictionary<TaskId, Dictionary<long, byte[]>> _parts = [];

    public EdgeTable Edges { get; } = new();

    public TaskWriteResult Write(TaskWrite write, DateTimeOffset now)
    {
        var result = write switch
        {
            TaskInsert insert => Insert(insert, now),
            TaskUpdate update => Update(update),
            _ => throw new InvalidOperationException($"{write.GetType()} is not a write of a task's row."),
        };
        if (result.IsApplied && write.Parts.Count > 0)
        {
            var parts = _parts.TryGetValue(write.Id, out var known) ? known : _parts[write.Id] = [];
            parts[write.Token] = [.. write.Parts.SelectMany(part => part)];
        }

        return result;
    }

    public TaskRow? Find(TaskId id) => _rows.GetValueOrDefault(id);

    public byte[]? Parts(TaskId id, long token) => _parts.GetValueOrDefault(id)?.GetValueOrDefault(token);

    public IReadOnlyList<TaskRow> Claim(TaskClaim claim, DateTimeOffset now)
    {
        var handlers = claim.Handlers.ToHashSet(StringComparer.Ordinal);
        var from = new Timed(claim.DueFrom is { } mark ? StoreTime.Round(mark) : DateTimeOffset.MinValue, default);
        var due = _queued.GetViewBetween(from, Timed.Last)
            .TakeWhile(entry => entry.At <= now)
            .Where(entry => handlers.Contains(_rows[entry.Id].Handler))
            .Take(claim.Limit)
            .ToList();
        var claimed = new List<TaskRow>(due.Count);
        foreach (var (_, id) in due)
        {
            var row = _rows[id];
            claimed.Add(row with
            {
                Phase = TaskPhase.Running,
                Attempt = row.Attempt + 1,
                Owner = claim.Owner,
                Token = claim.Token,
                Claimed = now,
            });
            Replace(row, claimed[^1]);
        }

        return claimed;
    }

    public IReadOnlyList<TaskRow> List(TaskQuery query)
    {
        var after = query.After;
        var ids = query switch
        {
            { NewestFirst: true } => (after is null ? _ids : _ids.GetViewBetween(default, after.Value)).Reverse(),
            { After: not null } => _ids.GetViewBetween(after!.Value, new TaskId(Guid.AllBitsSet)),
            _ => _ids.AsEnumerable(),
        };
        return [.. ids
            .Where(id => id != after)
            .Select(id => _rows[id])
            .Where(row => query.Phase is null || row.Phase == query.Phase)
            .Where(row => query.Owner is null || (row.Phase == TaskPhase.Running && row.Owner == query.Owner))
            .Take(query.Limit)];
    }

    public IReadOnlyDictionary<TaskPhase, long> Count() =>
        Enum.GetValues<TaskPhase>().ToDictionary(phase => phase, phase => _counts[(int)phase]);

    public DateTimeOffset? NextDue() => _queued.Count == 0 ? null : _queued.Min.At;

    public IReadOnlyList<NodeIncarnation> Owners() => [.. _owners.Keys];

    public void LookAt(IReadOnlyList<TaskId> dependents)
    {
        foreach (var dependent in dependents)
        {
            Edges.LookAt(dependent, needed => Find(needed)?.Phase.IsFinal() ?? true);
        }
    }

    public IReadOnlyList<TaskId> Wake(IReadOnlyList<TaskId> dependents, long token, DateTimeOffset now)
    {
        var woken = new List<TaskId>();
        foreach (var id in dependents)
        {
            if (Find(id) is { Phase: TaskPhase.Waiting } row && !Edges.HasUnresolved(id))
            {
                Replace(row, row with { Phase = TaskPhase.Queued, Due = row.Due > now ? row.Due : now, Token = token });
                woken.Add(id);
            }
        }

        return woken;
    }

    public int Purge(TaskPhase phase, DateTimeOffset finishedBefore, int limit)
    {
        var gone = _final
            .TakeWhile(entry => entry.At < finishedBefore)
            .Where(entry => _rows[entry.Id].Phase == phase && !IsNeeded(entry.Id))
            .Take(limit)
            .ToList();
        gone.ForEach(entry => Remove(_rows[entry.Id]));
        return gone.Count;
    }

    private TaskWriteResult Insert(TaskInsert insert, DateTimeOffset now)
    {
        if (_rows.ContainsKey(insert.Id))
        {
            return TaskWriteResult.Conflict;
        }

        if (insert.IdempotencyKey is { } key)
        {
            if (_holders.TryGetValue(key, out var holder))
            {
                return new TaskWriteResult(TaskWriteStatus.KeyTaken, holder);
            }

            _holders.Add(key, insert.Id);
            _keys.Add(insert.Id, key);
        }

        var row = insert.Row with
        {
            Created = now,
            Due = StoreTime.Round(insert.Row.Due),
            Claimed = Round(insert.Row.Claimed),
            Deadline = Round(insert.Row.Deadline),
            Finished = Round(insert.Row.Finished),
        };
        Edges.Add(insert);
        _rows.Add(row.Id, row);
        _ids.Add(row.Id);
        Index(row);
        return TaskWriteResult.Applied;
    }

    private TaskWriteResult Update(TaskUpdate update)
    {
        if (!_rows.TryGetValue(update.Id, out var row) || row.Phase != update.IfPhase || row.Attempt != update.IfAttempt
            || row.Owner != update.IfOwner || (update.IfToken is { } token && row.Token != token))
        {
            return TaskWriteResult.Conflict;
        }

        Replace(row, row with
        {
            Phase = update.Phase,
            Attempt = update.Attempt,
            Owner = update.Owner,
            Token = update.Token,
            Due = StoreTime.Round(update.Due),
            Life = update.Life,
            Result = update.Result,
            Finished = Round(update.Finished),
        });
        return TaskWriteResult.Applied;
    }

    private bool IsNeeded(TaskId id) => Edges.Dependents(id).Any(dependent => Find(dependent)?.Phase.IsFinal() == false);

    private void Replace(TaskRow old, TaskRow row)
    {
        Unindex(old);
        _rows[row.Id] = row;
        Index(row);
    }

    private void Remove(TaskRow row)
    {
        Unindex(row);
        Edges.Remove(row.Id);
        _rows.Remove(row.Id);
        _ids.Remove(row.Id);
        _parts.Remove(row.Id);
        if (_keys.Remove(row.Id, out var key))
        {
            _holders.Remove(key);
        }
    }

    private void Index(TaskRow row)
    {
        _counts[(int)row.Phase]++;
        switch (row.Phase)
        {
            case TaskPhase.Queued:
                _queued.Add(new Timed(row.Due, row.Id));
                break;
            case TaskPhase.Running:
                _owners[row.Owner] = _owners.GetValueOrDefault(row.Owner) + 1;
                break;
            case >= TaskPhase.Succeeded:
                _final.Add(new Timed(row.Finished ?? DateTimeOffset.MaxValue, row.Id));
                break;
        }
    }

    private void Unindex(TaskRow row)
    {
        _counts[(int)row.Phase]--;
        switch (row.Phase)
        {
            case TaskPhase.Queued:
                _queued.Remove(new Timed(row.Due, row.Id));
                break;
            case TaskPhase.Running when --_owners[row.Owner] == 0:
                _owners.Remove(row.Owner);
                break;
            case >= TaskPhase.Succeeded:
                _final.Remove(new Timed(row.Finished ?? DateTimeOffset.MaxValue, row.Id));
                break;
        }
    }

    private static DateTimeOffset? Round(DateTimeOffset? time) => time is { } known ? StoreTime.Round(known) : null;

    private readonly record struct Timed(DateTimeOffset At, TaskId Id) : IComparable<Timed>
    {
        public static Timed Last => new(DateTimeOffset.MaxValue, new TaskId(Guid.AllBitsSet));

        public int CompareTo(Timed other)
        {
            var byTime = At.CompareTo(other.At);
            return byTime != 0 ? byTime : Id.CompareTo(other.Id);
        }
    }
}
