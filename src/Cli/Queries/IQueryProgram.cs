using FaultTolerance.Cli.Connections;

namespace FaultTolerance.Cli.Queries;

/// <summary>What <c>ft tasks</c>, <c>ft nodes</c>, <c>ft incidents</c> and <c>ft lineage</c> do. Each method returns the exit code.</summary>
internal interface IQueryProgram
{
    /// <summary>Lists tasks.</summary>
    Task<int> ListAsync(ClusterTarget target, TaskFilter filter, bool json, CancellationToken cancellationToken);

    /// <summary>Shows a task with all its attempts.</summary>
    Task<int> ShowAsync(ClusterTarget target, TaskId id, bool json, CancellationToken cancellationToken);

    /// <summary>Cancels tasks.</summary>
    Task<int> CancelAsync(ClusterTarget target, IReadOnlyList<TaskId> ids, string? reason, bool json, CancellationToken cancellationToken);

    /// <summary>Shows where a task's arguments came from, where its result goes, and what it submitted.</summary>
    Task<int> TraceAsync(ClusterTarget target, TaskId id, LineageLimits limits, bool json, CancellationToken cancellationToken);

    /// <summary>Shows the nodes and the newest incidents.</summary>
    /// <param name="target">The cluster.</param>
    /// <param name="all">Whether lives that have ended are shown too.</param>
    /// <param name="incidents">How many incidents.</param>
    /// <param name="json">Whether JSON is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<int> ShowNodesAsync(ClusterTarget target, bool all, int incidents, bool json, CancellationToken cancellationToken);

    /// <summary>Lists the newest incidents.</summary>
    Task<int> ListIncidentsAsync(ClusterTarget target, IncidentQuery query, bool json, CancellationToken cancellationToken);

    /// <summary>Shows an incident with all that was done about it.</summary>
    Task<int> ShowIncidentAsync(ClusterTarget target, string key, bool json, CancellationToken cancellationToken);

    /// <summary>Shows each new incident as it comes, until it is interrupted.</summary>
    /// <param name="target">The cluster.</param>
    /// <param name="entity">Only those of such things; null for all.</param>
    /// <param name="after">The position after which to go on; null for now.</param>
    /// <param name="json">Whether JSON is asked for, one object a line.</param>
    /// <param name="cancellationToken">Interrupts.</param>
    Task<int> FollowIncidentsAsync(ClusterTarget target, FailedEntity? entity, string? after, bool json, CancellationToken cancellationToken);
}
