namespace FaultTolerance.Cli.Queries;

/// <summary>By what a node shows that it makes progress, in JSON, as its newest heartbeat says. The fields are a contract.</summary>
/// <param name="PoolDelayMilliseconds">How long the thread pool took to run a work item.</param>
/// <param name="ExecutorDelayMilliseconds">Since when the executor's loop has not been seen to take a turn.</param>
/// <param name="StoreLatencyMilliseconds">How long the newest renewal of the lease took.</param>
/// <param name="GcPauseMilliseconds">How long the process stood still for garbage collection since the heartbeat before.</param>
/// <param name="BusyCores">How many cores the process kept busy.</param>
/// <param name="MemoryLoad">How much of the memory is in use, between 0 and 1.</param>
/// <param name="Succeeded">How many attempts succeeded in this life.</param>
/// <param name="Failed">How many attempts failed by their own doing in this life.</param>
internal sealed record NodeProgressView(
    double PoolDelayMilliseconds,
    double ExecutorDelayMilliseconds,
    double StoreLatencyMilliseconds,
    double GcPauseMilliseconds,
    double BusyCores,
    double MemoryLoad,
    long Succeeded,
    long Failed)
{
    public static NodeProgressView Of(NodeHeartbeat heartbeat) => new(
        Milliseconds(heartbeat.PoolDelay),
        Milliseconds(heartbeat.ExecutorDelay),
        Milliseconds(heartbeat.StoreLatency),
        Milliseconds(heartbeat.GcPause),
        heartbeat.BusyCores,
        heartbeat.MemoryLoad,
        heartbeat.Ended.Sum(tally => tally.Succeeded),
        heartbeat.Ended.Sum(tally => tally.Failed));

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 1);
}
