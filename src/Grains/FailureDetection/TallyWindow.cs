namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What one node's newest heartbeats say of the work it did within a span of time. Reads no clock.</summary>
/// <remarks>
/// Of a heartbeat it keeps only what it reads: whole ones name up to a thousand waiting attempts each. What two heartbeats in a row
/// have in common is kept once: handlers' names, and all of it while nothing ends.
/// </remarks>
internal sealed class TallyWindow(TimeSpan span)
{
    private const int LeastHeartbeats = 5;

    private readonly Queue<(TimeSpan At, TimeSpan PoolDelay, double HungShare, HandlerTally[] Ended)> _heartbeats = new();
    private HandlerTally[] _newest = [];

    /// <summary>Gets the least delay of the thread pool in any heartbeat of the window; null while the window is not full.</summary>
    public TimeSpan? LeastPoolDelay => IsFull ? _heartbeats.Min(heard => heard.PoolDelay) : null;

    /// <summary>Gets the least share of the node's slots that hung handlers held in any heartbeat of the window; null while the window is not full.</summary>
    public double? LeastHungShare => IsFull ? _heartbeats.Min(heard => heard.HungShare) : null;

    /// <summary>Whether the heartbeats that are kept cover the window, and are as many as to mean something.</summary>
    private bool IsFull => _heartbeats.Count >= LeastHeartbeats && _heartbeats.Last().At - _heartbeats.Peek().At >= span * 0.75;

    public void Add(NodeHeartbeat heartbeat, TimeSpan now)
    {
        _newest = heartbeat.Ended.SequenceEqual(_newest) ? _newest : [.. heartbeat.Ended.Select((tally, index) => ShareName(tally, index))];
        _heartbeats.Enqueue((now, heartbeat.PoolDelay, (double)heartbeat.Hung / Math.Max(1, heartbeat.Node.Slots), _newest));
        while (_heartbeats.Count > 1 && now - _heartbeats.Peek().At > span)
        {
            _heartbeats.Dequeue();
        }
    }

    /// <summary>Returns how attempts ended within the window, by handler.</summary>
    public IReadOnlyDictionary<string, HandlerTally> Ended()
    {
        if (_heartbeats.Count == 0)
        {
            return new Dictionary<string, HandlerTally>();
        }

        var before = _heartbeats.Peek().Ended.ToDictionary(tally => tally.Handler);
        return _newest
            .Select(tally => Less(tally, before.GetValueOrDefault(tally.Handler)))
            .Where(tally => tally.Total > 0)
            .ToDictionary(tally => tally.Handler);
    }

    private HandlerTally ShareName(HandlerTally tally, int index) =>
        index < _newest.Length && _newest[index].Handler == tally.Handler ? tally with { Handler = _newest[index].Handler } : tally;

    private static HandlerTally Less(HandlerTally tally, HandlerTally before) =>
        new(tally.Handler, tally.Succeeded - before.Succeeded, tally.Failed - before.Failed);
}
