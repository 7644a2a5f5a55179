namespace FaultTolerance.Client.Tests.Clusters;

/// <summary>The incidents of a fake cluster: what is committed, in the order of its times, and up to when that order is settled.</summary>
internal sealed class IncidentTable : IClusterQueryGrain
{
    private readonly Lock _lock = new();
    private readonly List<RecordedIncident> _committed = [];
    private Exception? _failure;

    public static DateTimeOffset Start { get; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Gets or sets up to when, in seconds from the start, the order is settled.</summary>
    public double SettledAt { get; set; } = -60;

    /// <summary>Gets how often pages were asked for.</summary>
    public int Questions { get; private set; }

    /// <summary>Gets the largest page that was asked for.</summary>
    public int LargestLimit { get; private set; }

    /// <summary>Commits incidents, each with a time in seconds from the start.</summary>
    public void Commit(params (string Key, double At)[] incidents)
    {
        lock (_lock)
        {
            _committed.AddRange(incidents.Select(incident =>
                new RecordedIncident(Start.AddSeconds(incident.At), new IncidentSnapshot { Key = incident.Key, At = Start.AddSeconds(incident.At) })));
        }
    }

    /// <summary>From now on answers nothing but this; null answers again.</summary>
    public void Fail(Exception? failure)
    {
        lock (_lock)
        {
            _failure = failure;
        }
    }

    public Task<IncidentPage> ListIncidentsAfterAsync(DateTimeOffset at, string? key, int limit)
    {
        lock (_lock)
        {
            (Questions, LargestLimit) = (Questions + 1, Math.Max(LargestLimit, limit));
            return _failure is null ? Task.FromResult(Page(at, key, limit)) : Task.FromException<IncidentPage>(_failure);
        }
    }

    public Task<IncidentSnapshot?> FindIncidentAsync(string key) =>
        Task.FromResult(_committed.Find(found => found.Incident.Key == key)?.Incident);

    public Task<TaskPage> ListTasksAsync(TaskFilter filter) => throw NotUsed();

    public Task<IReadOnlyList<IncidentSnapshot>> ListIncidentsAsync(int limit) => throw NotUsed();

    private IncidentPage Page(DateTimeOffset at, string? key, int limit)
    {
        RecordedIncident[] page =
        [
            .. _committed
                .Where(found => found.RecordedAt > at || (found.RecordedAt == at && (key is null || string.CompareOrdinal(found.Incident.Key, key) > 0)))
                .OrderBy(found => found.RecordedAt)
                .ThenBy(found => found.Incident.Key, StringComparer.Ordinal)
                .Take(limit),
        ];
        return new IncidentPage(page, Start.AddSeconds(SettledAt), page.Length == limit);
    }

    private static NotSupportedException NotUsed() => new("Readers of failures ask for pages of incidents only.");
}
