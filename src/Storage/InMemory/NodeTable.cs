using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Storage.InMemory;

/// <summary>The lives of nodes, as plain data.</summary>
internal sealed class NodeTable
{
    private readonly SortedDictionary<NodeIncarnation, NodeRow> _rows = [];

    public bool Register(NodeRow row, TimeSpan lease, DateTimeOffset now)
    {
        if (_rows.TryGetValue(row.Incarnation, out var found))
        {
            return found.Ended is null && found.Name == row.Name && found.Info.AsSpan().SequenceEqual(row.Info);
        }

        _rows.Add(row.Incarnation, row with { Joined = now, LeaseEnds = now + lease, Ended = null, Recovered = null, Sequence = 0, IsProvedGone = null });
        return true;
    }

    public bool Renew(LeaseRenewal renewal, DateTimeOffset now) => Change(
        renewal.Incarnation,
        row => row.Ended is null,
        row => renewal.Sequence < row.Sequence
            ? row
            : row with { Phase = renewal.Phase, Info = renewal.Info, LeaseEnds = now + renewal.Lease, Sequence = renewal.Sequence });

    public bool End(NodeEnd end, DateTimeOffset now) => Change(
        end.Incarnation,
        row => row.Ended is null && (end.IsProvedGone || row.LeaseEnds <= now),
        row => row with { Phase = end.Phase, Ended = now, IsProvedGone = end.IsProvedGone });

    public bool MarkRecovered(NodeIncarnation incarnation, DateTimeOffset now) => Change(
        incarnation,
        row => row.Phase == NodePhase.Dead && row.Recovered is null,
        row => row with { Recovered = now });

    public IReadOnlyList<NodeRow> List(int limit) =>
        [.. _rows.Values.Reverse().OrderBy(row => row.Ended is not null).Take(limit).OrderByDescending(row => row.Incarnation)];

    public IReadOnlyList<NodeRow> ListCurrent(DateTimeOffset endedSince, int limit) =>
    [
        .. _rows.Values.Reverse()
            .Where(row => Rank(row) < 2 || row.Ended >= endedSince)
            .OrderBy(Rank).ThenByDescending(row => row.Ended ?? DateTimeOffset.MaxValue)
            .Take(limit)
            .OrderByDescending(row => row.Incarnation),
    ];

    public IReadOnlyList<NodeRow> Read(IReadOnlyList<NodeIncarnation> incarnations) =>
        [.. incarnations.Distinct().Where(_rows.ContainsKey).Select(incarnation => _rows[incarnation])];

    public int Purge(DateTimeOffset endedBefore, int limit)
    {
        var gone = _rows.Values
            .Where(row => row.Ended < endedBefore && (row.Phase != NodePhase.Dead || row.Recovered is not null))
            .Take(limit)
            .ToList();
        gone.ForEach(row => _rows.Remove(row.Incarnation));
        return gone.Count;
    }

    private static int Rank(NodeRow row) => row.Ended is null ? 0 : row is { Phase: NodePhase.Dead, Recovered: null } ? 1 : 2;

    private bool Change(NodeIncarnation incarnation, Predicate<NodeRow> condition, Func<NodeRow, NodeRow> change)
    {
        if (!_rows.TryGetValue(incarnation, out var row) || !condition(row))
        {
            return false;
        }

        _rows[incarnation] = change(row);
        return true;
    }
}
