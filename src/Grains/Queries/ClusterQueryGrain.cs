using FaultTolerance.Grains.History;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;
using Orleans.Concurrency;

namespace FaultTolerance.Grains.Queries;

/// <inheritdoc cref="IClusterQueryGrain"/>
[StatelessWorker, Reentrant]
[GrainType("clusterquery")]
internal sealed class ClusterQueryGrain(IDurableStore store, TaskRowCodec codec, NodeDirectory nodes, IncidentLog incidents) : Grain, IClusterQueryGrain
{
    /// <summary>How many rows one call looks at. Rows carry their arguments, so that this bounds what is read, too.</summary>
    public const int MaxLooked = 2_000;

    private const int Step = 250;

    public async Task<TaskPage> ListTasksAsync(TaskFilter filter)
    {
        RequireBetween(filter.Limit, TaskFilter.MaxLimit, nameof(TaskFilter.Limit));
        var found = new List<TaskSummary>();
        var after = filter.After;
        for (var looked = 0; looked < MaxLooked;)
        {
            var step = IsSelective(filter) ? Math.Min(Step, MaxLooked - looked) : filter.Limit - found.Count;
            var rows = await store.ListAsync(
                new TaskQuery { Phase = IndexedPhase(filter), After = after, NewestFirst = !filter.OldestFirst, Limit = step }, CancellationToken.None);
            foreach (var row in rows)
            {
                after = row.Id;
                if (TaskSummaries.Matches(row, filter))
                {
                    found.Add(TaskSummaries.Of(row, codec, nodes));
                }

                if (found.Count == filter.Limit)
                {
                    return new TaskPage(found, after);
                }
            }

            looked += rows.Count;
            if (rows.Count < step)
            {
                return new TaskPage(found, null);
            }
        }

        return new TaskPage(found, after);
    }

    public async Task<IReadOnlyList<IncidentSnapshot>> ListIncidentsAsync(int limit)
    {
        RequireBetween(limit, IClusterQueryGrain.MaxIncidents, nameof(limit));
        return await incidents.ListAsync(limit, CancellationToken.None);
    }

    public Task<IncidentSnapshot?> FindIncidentAsync(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return incidents.FindAsync(key, CancellationToken.None);
    }

    public Task<IncidentPage> ListIncidentsAfterAsync(DateTimeOffset at, string? key, int limit)
    {
        RequireBetween(limit, IClusterQueryGrain.MaxIncidents, nameof(limit));
        return incidents.ListAfterAsync(at, key, limit, CancellationToken.None);
    }

    /// <summary>
    /// Only these phases have an index that leads to a page without a walk over all rows of the phase, or few rows at any time. Rows of
    /// the others are picked from pages by id, which cost the same however many there are.
    /// </summary>
    private static TaskPhase? IndexedPhase(TaskFilter filter) => filter.Phase is TaskPhase.Waiting or TaskPhase.Running ? filter.Phase : null;

    /// <summary>Whether a row that was read may still be left out.</summary>
    private static bool IsSelective(TaskFilter filter) => filter.Handler is not null || filter.Phase != IndexedPhase(filter);

    private static void RequireBetween(int limit, int most, string name)
    {
        if (limit < 1 || limit > most)
        {
            throw new FaultToleranceException($"{name} is {limit}; it must be between 1 and {most}.");
        }
    }
}
