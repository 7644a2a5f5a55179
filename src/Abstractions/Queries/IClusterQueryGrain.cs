namespace FaultTolerance;

/// <summary>Answers questions about many tasks, or about what happened, from the store. The key only spreads calls over silos.</summary>
/// <remarks>It changes nothing, keeps nothing, and each answer is bounded, however much the store holds.</remarks>
[Alias("ft.IClusterQueryGrain")]
public interface IClusterQueryGrain : IGrainWithIntegerKey
{
    /// <summary>The most incidents in one answer.</summary>
    const int MaxIncidents = 500;

    /// <summary>Returns a page of tasks.</summary>
    /// <remarks>
    /// One call looks at 2,000 tasks at the most. Where few of many tasks meet the filter a page may thus be short or empty while
    /// <see cref="TaskPage.Next"/> says where to go on.
    /// </remarks>
    /// <exception cref="FaultToleranceException">The limit is not within its bounds.</exception>
    [Alias("ListTasks"), ResponseTimeout("00:00:05")]
    Task<TaskPage> ListTasksAsync(TaskFilter filter);

    /// <summary>Returns the newest incidents, newest first.</summary>
    /// <param name="limit">How many at the most: between 1 and <see cref="MaxIncidents"/>.</param>
    /// <exception cref="FaultToleranceException">The limit is not within its bounds.</exception>
    [Alias("ListIncidents"), ResponseTimeout("00:00:05")]
    Task<IReadOnlyList<IncidentSnapshot>> ListIncidentsAsync(int limit);

    /// <summary>Returns an incident; null when none is recorded under this key.</summary>
    [Alias("FindIncident"), ResponseTimeout("00:00:05")]
    Task<IncidentSnapshot?> FindIncidentAsync(string key);

    /// <summary>Returns incidents in the order of their records, oldest first. <see cref="IFailureFeed"/> makes a stream of it.</summary>
    /// <param name="at">The time after which they were recorded.</param>
    /// <param name="key">The key after which those come that were recorded at that very time; null for all of them.</param>
    /// <param name="limit">How many at the most: between 1 and <see cref="MaxIncidents"/>.</param>
    /// <exception cref="FaultToleranceException">The limit is not within its bounds.</exception>
    [Alias("ListIncidentsAfter"), ResponseTimeout("00:00:05")]
    Task<IncidentPage> ListIncidentsAfterAsync(DateTimeOffset at, string? key, int limit);
}
