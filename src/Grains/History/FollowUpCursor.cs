namespace FaultTolerance.Grains.History;

/// <summary>How far the incidents are read for one handler of failures, in the order of their records.</summary>
/// <remarks>It moves over what is settled, and remembers what was taken beyond. Lost, it begins again; what is done stands in each incident.</remarks>
internal sealed class FollowUpCursor
{
    /// <summary>How many incidents are read at once beyond those that are remembered.</summary>
    private const int PageSize = 100;

    /// <summary>How many incidents are read at once at the most. Of more than these within a minute the rest waits until the order is settled.</summary>
    private const int MaxRead = 1_000;

    private readonly Dictionary<string, DateTimeOffset> _unsettled = new(StringComparer.Ordinal);
    private (DateTimeOffset At, string? Key)? _after;

    /// <summary>Begins again: the times of new records may lie before what it has moved over.</summary>
    public void Reset()
    {
        _after = null;
        _unsettled.Clear();
    }

    /// <summary>Returns after which incident to read, and how many.</summary>
    /// <param name="start">Where to begin.</param>
    public (DateTimeOffset At, string? Key, int Limit) Next(DateTimeOffset start)
    {
        var (at, key) = _after ?? (start, null);
        return (at, key, Math.Min(PageSize + _unsettled.Count, MaxRead));
    }

    /// <summary>Moves over a page that was read as <see cref="Next"/> says.</summary>
    /// <returns>The incidents of it that were not taken before.</returns>
    public IReadOnlyList<IncidentSnapshot> Take(IncidentPage page)
    {
        var taken = new List<IncidentSnapshot>();
        foreach (var found in page.Incidents)
        {
            if (found.RecordedAt <= page.SettledAt)
            {
                _after = (found.RecordedAt, found.Incident.Key);
            }

            if (_unsettled.TryAdd(found.Incident.Key, found.RecordedAt))
            {
                taken.Add(found.Incident);
            }
        }

        foreach (var settled in _unsettled.Where(seen => seen.Value <= page.SettledAt && seen.Value <= _after?.At).ToList())
        {
            _unsettled.Remove(settled.Key);
        }

        return taken;
    }
}
