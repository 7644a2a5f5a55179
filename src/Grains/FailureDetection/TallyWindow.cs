namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What one node's newest heartbeats say of the work it did within a span of time. Reads no clock.</summary>
/// <remarks>Of a heartbeat it keeps only what it reads: whole ones name up to a thousand waiting attempts each.</remarks>
internal sealed class TallyWindow(TimeSpan span)
{
    private readonly Queue<(TimeSpan At, TimeSpan PoolDelay, IReadOnlyList<HandlerTally> Ended)> _heartbeats = new();
    private IReadOnlyList<HandlerTally> _newest = [];

    /// <summary>Gets the least delay of the thread pool in any heartbeat of the window; null while the window is not full.</summary>
    public TimeSpan? LeastPoolDelay => IsFull ? _heartbeats.Min(heard => heard.PoolDelay) : null;

    private bool IsFull { get; set; }

    public void Add(NodeHeartbeat heartbeat, TimeSpan now)
    {
        _heartbeats.Enqueue((now, heartbeat.PoolDelay, heartbeat.Ended));
        _newest = heartbeat.Ended;
        while (_heartbeats.Count > 1 && now - _heartbeats.Peek().At > span)
        {
            _heartbeats.Dequeue();
            IsFull = true;
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

    private static HandlerTally Less(HandlerTally tally, HandlerTally before) =>
        new(tally.Handler, tally.Succeeded - before.Succeeded, tally.Failed - before.Failed);
}
