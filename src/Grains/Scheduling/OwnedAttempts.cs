using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>The attempts that are this node's as far as it knows, and those that have ended here without the store's answer yet.</summary>
internal sealed class OwnedAttempts
{
    private readonly Dictionary<TaskId, TaskState> _owned = [];
    private readonly HashSet<(TaskId, int)> _leaving = [];
    private HashSet<(TaskId, int)>? _gone;

    public int Count => _owned.Count;

    public IEnumerable<TaskState> All => _owned.Values;

    /// <summary>How many attempts have ended here whose outcome the store has not taken yet.</summary>
    public int LeavingCount => _leaving.Count;

    public TaskState? Find(TaskId id) => _owned.GetValueOrDefault(id);

    public bool Has(TaskState task) => Find(task.Id)?.Attempt == task.Attempt;

    public void Add(TaskState task) => _owned[task.Id] = task;

    /// <summary>Drops an attempt; false when it is not owned.</summary>
    public bool Drop(TaskId id, int attempt)
    {
        if (Find(id)?.Attempt != attempt)
        {
            return false;
        }

        _owned.Remove(id);
        _gone?.Add((id, attempt));
        return true;
    }

    /// <summary>Drops an attempt whose outcome is on its way to the store; false when it is not owned.</summary>
    public bool Leave(TaskState task)
    {
        if (!Drop(task.Id, task.Attempt))
        {
            return false;
        }

        _leaving.Add((task.Id, task.Attempt));
        return true;
    }

    /// <summary>Says that the store has answered what became of an attempt that left.</summary>
    public void Settle(TaskId id, int attempt) => _leaving.Remove((id, attempt));

    /// <summary>From now on remembers which attempts left, until the list of owned rows is here: the list may still show them.</summary>
    public void BeginListing() => _gone = [.. _leaving];

    /// <summary>Returns those attempts that the node believes to own and that are not among its rows.</summary>
    public IReadOnlyList<TaskState> FindUnlisted(IReadOnlyList<TaskState> listed)
    {
        var rows = listed.Select(task => (task.Id, task.Attempt)).ToHashSet();
        return [.. _owned.Values.Where(task => !rows.Contains((task.Id, task.Attempt)))];
    }

    /// <summary>Returns those listed rows that the node did not know it owned.</summary>
    public IReadOnlyList<TaskState> EndListing(IReadOnlyList<TaskState> listed)
    {
        var gone = _gone ?? [];
        _gone = null;
        return [.. listed.Where(task => !_owned.ContainsKey(task.Id) && !gone.Contains((task.Id, task.Attempt)))];
    }
}
