using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>An attempt that waits for a slot.</summary>
/// <param name="Task">The attempt.</param>
/// <param name="Since">Since when, on the monotonic clock.</param>
/// <param name="At">The store's time then, as the node took it: not what stands in its row, which may be a time of the store's clock after that was set back.</param>
internal readonly record struct WaitingAttempt(TaskState Task, TimeSpan Since, DateTimeOffset At)
{
    /// <summary>Gets when, on the monotonic clock, it will have waited for too long.</summary>
    public TimeSpan PatienceEnds => Since + PrefetchWindow.Patience;

    /// <summary>Gets when, in the store's time, it will have; while that stands still nobody could claim what is given back.</summary>
    public DateTimeOffset PatienceEndsInStore => At + PrefetchWindow.Patience;
}
