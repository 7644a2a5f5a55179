namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Measures how long the thread pool takes to run a work item.</summary>
internal static class PoolGauge
{
    public static Task<TimeSpan> MeasureAsync(TimeProvider timeProvider)
    {
        var started = timeProvider.GetTimestamp();
        var measured = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(
            _ => measured.SetResult(timeProvider.GetElapsedTime(started)), null);
        return measured.Task;
    }
}
