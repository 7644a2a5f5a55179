namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Measures what this process costs its machine. Called by one loop only.</summary>
internal sealed class ProcessGauge(TimeProvider timeProvider)
{
    private long _at = timeProvider.GetTimestamp();
    private TimeSpan _busy = Environment.CpuUsage.TotalTime;
    private long _collection;

    /// <summary>Adds to a heartbeat what the process did since the heartbeat before.</summary>
    public NodeHeartbeat AddTo(NodeHeartbeat heartbeat)
    {
        var (now, busy, memory) = (timeProvider.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetGCMemoryInfo(GCKind.Any));
        var elapsed = timeProvider.GetElapsedTime(_at, now);
        var pause = memory.Index == _collection || memory.PauseDurations.IsEmpty ? TimeSpan.Zero : Longest(memory.PauseDurations);
        var cores = elapsed > TimeSpan.Zero ? (busy - _busy) / elapsed : 0;
        (_at, _busy, _collection) = (now, busy, memory.Index);
        return heartbeat with
        {
            GcPause = pause,
            BusyCores = Math.Round(cores, 2),
            MemoryLoad = memory.TotalAvailableMemoryBytes == 0 ? 0 : Math.Round((double)memory.MemoryLoadBytes / memory.TotalAvailableMemoryBytes, 3),
        };
    }

    private static TimeSpan Longest(ReadOnlySpan<TimeSpan> pauses)
    {
        var longest = TimeSpan.Zero;
        foreach (var pause in pauses)
        {
            longest = pause > longest ? pause : longest;
        }

        return longest;
    }
}
