using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>The tasks that are not final, by phase and by owner, in the order of their ids: what a database has indexes for.</summary>
internal sealed class UnfinishedTasks
{
    private static readonly TaskId Last = new(Guid.AllBitsSet);

    private readonly Dictionary<(TaskPhase, NodeIncarnation), SortedSet<TaskId>> _tasks = [];

    public int Count { get; private set; }

    public void Change(TaskRow? old, TaskRow row)
    {
        if (old is not null && !old.Phase.IsFinal())
        {
            Count--;
            var former = _tasks[(old.Phase, old.Owner)];
            former.Remove(row.Id);
            if (former.Count == 0)
            {
                _tasks.Remove((old.Phase, old.Owner));
            }
        }

        if (!row.Phase.IsFinal())
        {
            Count++;
            if (!_tasks.TryGetValue((row.Phase, row.Owner), out var tasks))
            {
                _tasks.Add((row.Phase, row.Owner), tasks = []);
            }

            tasks.Add(row.Id);
        }
    }

    /// <summary>Returns the ids after one, smallest first.</summary>
    public IReadOnlyList<TaskId> List(TaskPhase phase, NodeIncarnation? owner, TaskId? after, int limit) =>
        _tasks.TryGetValue((phase, owner ?? NodeIncarnation.None), out var tasks)
            ? [.. (after is { } first ? tasks.GetViewBetween(first, Last).Where(id => id != first) : tasks).Take(limit)]
            : [];
}
