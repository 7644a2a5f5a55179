using FaultTolerance.Storage.Events;

namespace FaultTolerance.Storage.InMemory;

/// <summary>The recorded events, as plain data, in the order in which they were recorded.</summary>
internal sealed class EventTable
{
    private readonly Dictionary<string, EventRow> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    public bool Add(EventRow row, DateTimeOffset now)
    {
        BatchRules.CheckLength("The key of an event", row.Key, StoreLimits.EventKey);
        if (_rows.TryGetValue(row.Key, out var found))
        {
            return found.Token == row.Token;
        }

        _rows.Add(row.Key, row with { At = now });
        _order.Add(row.Key);
        return true;
    }

    public bool Update(EventRow row, long ifToken)
    {
        if (!_rows.TryGetValue(row.Key, out var found) || found.Token != ifToken)
        {
            return false;
        }

        _rows[row.Key] = found with { Body = row.Body, Token = row.Token };
        return true;
    }

    public EventRow? Read(string key) => _rows.GetValueOrDefault(key);

    public IReadOnlyList<EventRow> List(string? kind, int limit) =>
        [.. _order.AsEnumerable().Reverse().Select(key => _rows[key]).Where(row => kind is null || row.Kind == kind).Take(limit)];

    public IReadOnlyList<EventRow> ListAfter(string kind, DateTimeOffset at, string? key, int limit) =>
    [
        .. _rows.Values
            .Where(row => row.Kind == kind && (row.At > at || (row.At == at && (key is null || string.CompareOrdinal(row.Key, key) > 0))))
            .OrderBy(row => row.At)
            .ThenBy(row => row.Key, StringComparer.Ordinal)
            .Take(limit),
    ];

    public int Purge(DateTimeOffset before, int limit)
    {
        var gone = _order.Where(key => _rows[key].At < before).Take(limit).ToHashSet();
        _order.RemoveAll(gone.Contains);
        foreach (var key in gone)
        {
            _rows.Remove(key);
        }

        return gone.Count;
    }
}
