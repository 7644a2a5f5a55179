using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Says whether a task that does not run is past a limit in time, as a pure function.</summary>
internal static class LimitPlan
{
    /// <summary>Returns the limit that a waiting or queued task is past; null for none.</summary>
    /// <remarks>Whether an attempt has started before, <see cref="TaskLifecycle"/> knows. The pending timeout counts from when the task became due: waiting for dependencies, or for a start that was put off, is no waiting for a node.</remarks>
    public static FailureKind? Find(TaskState task, DateTimeOffset now)
    {
        if (task.Deadline <= now)
        {
            return FailureKind.DeadlineExceeded;
        }

        return task.Phase == TaskPhase.Queued && task.Due + task.Spec.PendingTimeout <= now ? FailureKind.PendingTimeout : null;
    }
}
