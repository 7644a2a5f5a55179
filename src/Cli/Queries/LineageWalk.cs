namespace FaultTolerance.Cli.Queries;

/// <summary>Follows lineage from a task, each task once, within limits.</summary>
/// <param name="ask">Returns the lineage of a task; null for one that is not known.</param>
/// <param name="limits">How far to go.</param>
internal sealed class LineageWalk(Func<TaskId, Task<TaskLineage?>> ask, LineageLimits limits)
{
    private readonly Dictionary<TaskId, TaskLineage?> _known = [];

    /// <summary>Follows the lineage of a task; null when the task is not known.</summary>
    public async Task<LineageView?> RunAsync(TaskId id)
    {
        if (await AskAsync(id) is not { Task: var task })
        {
            return null;
        }

        return new LineageView(
            id.ToString(),
            task.Handler,
            task.HandlerVersion,
            task.Phase,
            task.Attempt,
            await FollowAsync(id, lineage => lineage.Upstream, limits.Depth, []),
            await FollowAsync(id, lineage => lineage.Downstream, limits.Depth, []),
            await FollowAsync(id, lineage => lineage.Children, limits.Depth, []));
    }

    private async Task<LineageNode> FollowAsync(TaskId id, Func<TaskLineage, IReadOnlyList<TaskId>> next, int depth, HashSet<TaskId> seen)
    {
        var lineage = await AskAsync(id);
        var node = new LineageNode
        {
            Id = id.ToString(),
            Handler = lineage?.Task.Handler,
            Version = lineage?.Task.HandlerVersion ?? 0,
            Phase = lineage?.Task.Phase,
            Attempt = lineage?.Task.Attempt ?? 0,
            IsRepeated = !seen.Add(id),
        };
        if (lineage is null || node.IsRepeated)
        {
            return node;
        }

        var all = next(lineage);
        var tasks = new List<LineageNode>();
        foreach (var further in depth > 0 ? all.Take(limits.Width) : [])
        {
            if (_known.Count >= limits.Tasks && !_known.ContainsKey(further))
            {
                break;
            }

            tasks.Add(await FollowAsync(further, next, depth - 1, seen));
        }

        return node with { Tasks = tasks, Omitted = all.Count - tasks.Count };
    }

    private async Task<TaskLineage?> AskAsync(TaskId id)
    {
        if (!_known.TryGetValue(id, out var lineage))
        {
            lineage = await ask(id);
            _known.Add(id, lineage);
        }

        return lineage;
    }
}
