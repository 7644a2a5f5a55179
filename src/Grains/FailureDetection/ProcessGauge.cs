namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Measures what this process costs its machine. Called by one loop only.</summary>
internal sealed class ProcessGauge(TimeProvider timeProvider)
{
    private long _at = timeProvider.GetTimestamp();
    private TimeSpan _busy = Environment.CpuUsage.TotalTime;
    private TimeSpan _paused = GC.GetTotalPauseDuration();

    /// <summary>Adds to a heartbeat what the process did since the heartbeat before.</summary>
    public NodeHeartbeat AddTo(NodeHeartbeat heartbeat)
    {
        var (now, busy, paused) = (timeProvider.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalPauseDuration());
        var memory = GC.GetGCMemoryInfo(GCKind.Any);
        var elapsed = timeProvider.GetElapsedTime(_at, now);
        var pause = paused - _paused;
        var cores = elapsed > TimeSpan.Zero ? (busy - _busy) / elapsed : 0;
        (_at, _busy, _paused) = (now, busy, paused);
        return heartbeat with
        {
            GcPause = pause,
            BusyCores = Math.Round(cores, 2),
            MemoryLoad = memory.TotalAvailableMemoryBytes == 0 ? 0 : Math.Round((double)memory.MemoryLoadBytes / memory.TotalAvailableMemoryBytes, 3),
        };
    }
}
