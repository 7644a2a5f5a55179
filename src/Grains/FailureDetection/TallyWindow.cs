namespace FaultTolerance.Grains.FailureDetection;

/// <summary>What one node's newest heartbeats say of the work it did within a span of time. Reads no clock.</summary>
internal sealed class TallyWindow(TimeSpan span)
{
    private readonly Queue<(TimeSpan At, NodeHeartbeat Heartbeat)> _heartbeats = new();

    /// <summary>Gets the least delay of the thread pool in any heartbeat of the window; null while the window is not full.</summary>
    public TimeSpan? LeastPoolDelay => IsFull ? _heartbeats.Min(heard => heard.Heartbeat.PoolDelay) : null;

    private bool IsFull { get; set; }

    public void Add(NodeHeartbeat heartbeat, TimeSpan now)
    {
        _heartbeats.Enqueue((now, heartbeat));
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

        var before = _heartbeats.Peek().Heartbeat.Ended.ToDictionary(tally => tally.Handler);
        return _heartbeats.Last().Heartbeat.Ended
            .Select(tally => Less(tally, before.GetValueOrDefault(tally.Handler)))
            .Where(tally => tally.Total > 0)
            .ToDictionary(tally => tally.Handler);
    }

    private static HandlerTally Less(HandlerTally tally, HandlerTally before) =>
        new(tally.Handler, tally.Succeeded - before.Succeeded, tally.Failed - before.Failed);
}
