using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.InMemory;

/// <summary>The edges between tasks, as plain data: who needs whose result, and who submitted whom.</summary>
internal sealed class EdgeTable
{
    private readonly Dictionary<TaskId, List<Edge>> _downstream = [];
    private readonly Dictionary<TaskId, List<Edge>> _upstream = [];
    private readonly Dictionary<TaskId, List<TaskId>> _children = [];
    private readonly Dictionary<TaskId, TaskId> _parents = [];

    public void Add(TaskInsert insert)
    {
        foreach (var needed in insert.DependsOn)
        {
            var edge = new Edge(needed, insert.Id);
            Of(_downstream, needed).Add(edge);
            Of(_upstream, insert.Id).Add(edge);
        }

        if (insert.Parent is { } parent)
        {
            _parents.Add(insert.Id, parent);
            Of(_children, parent).Add(insert.Id);
        }
    }

    public TaskEdges Read(TaskId id) => new(
        [.. Known(_upstream, id).Select(edge => edge.From)],
        [.. Known(_downstream, id).Select(edge => edge.To)],
        [.. Known(_children, id)]);

    public IEnumerable<TaskId> Dependents(TaskId id) => Known(_downstream, id).Select(edge => edge.To);

    public bool HasUnresolved(TaskId dependent) => Known(_upstream, dependent).Any(edge => !edge.IsResolved);

    public IReadOnlyList<TaskId> Resolve(IReadOnlyList<TaskId> finished)
    {
        var dependents = new List<TaskId>();
        foreach (var edge in finished.SelectMany(id => Known(_downstream, id)).Where(edge => !edge.IsResolved))
        {
            edge.IsResolved = true;
            dependents.Add(edge.To);
        }

        return [.. dependents.Distinct()];
    }

    public void LookAt(TaskId dependent, Predicate<TaskId> isOver)
    {
        foreach (var edge in Known(_upstream, dependent).Where(edge => isOver(edge.From)))
        {
            edge.IsResolved = true;
        }
    }

    public void Remove(TaskId id)
    {
        foreach (var edge in Taken(_upstream, id))
        {
            RemoveFrom(_downstream, edge.From, edge);
        }

        foreach (var edge in Taken(_downstream, id))
        {
            RemoveFrom(_upstream, edge.To, edge);
        }

        foreach (var child in Taken(_children, id))
        {
            _parents.Remove(child);
        }

        if (_parents.Remove(id, out var parent))
        {
            RemoveFrom(_children, parent, id);
        }
    }

    private static List<T> Of<T>(Dictionary<TaskId, List<T>> table, TaskId id) =>
        table.TryGetValue(id, out var list) ? list : table[id] = [];

    private static List<T> Known<T>(Dictionary<TaskId, List<T>> table, TaskId id) => table.GetValueOrDefault(id, []);

    private static List<T> Taken<T>(Dictionary<TaskId, List<T>> table, TaskId id) => table.Remove(id, out var list) ? list : [];

    private static void RemoveFrom<T>(Dictionary<TaskId, List<T>> table, TaskId id, T item)
    {
        if (table.TryGetValue(id, out var list) && list.Remove(item) && list.Count == 0)
        {
            table.Remove(id);
        }
    }

    private sealed class Edge(TaskId from, TaskId to)
    {
        public TaskId From => from;

        public TaskId To => to;

        public bool IsResolved { get; set; }
    }
}
