using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>An attempt that was started on this node.</summary>
/// <param name="Task">Its task.</param>
/// <param name="At">When it was started, in the store's time: it is written into the task's history.</param>
/// <param name="Since">When it was started, on the monotonic clock: how long it runs is counted from here.</param>
internal sealed record StartedAttempt(TaskState Task, DateTimeOffset At, TimeSpan Since);
