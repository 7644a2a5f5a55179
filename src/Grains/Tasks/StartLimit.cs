namespace FaultTolerance.Grains.Tasks;

/// <summary>The limits in time that a task may pass before its handler is called, as pure functions.</summary>
internal static class StartLimit
{
    /// <summary>Returns when the first of a task's limits passes; null for none.</summary>
    public static DateTimeOffset? Of(TaskState task)
    {
        var startBy = StartBy(task);
        return task.Deadline < startBy || startBy is null ? task.Deadline : startBy;
    }

    /// <summary>Returns the failure of a task that is past a limit while its handler has not been called; null when it is within all.</summary>
    /// <param name="task">The task, at an attempt that has not started.</param>
    /// <param name="now">The store's time.</param>
    public static TaskFailure? Find(TaskState task, DateTimeOffset now)
    {
        if (task.Deadline <= now)
        {
            return new TaskFailure { Kind = FailureKind.DeadlineExceeded, Message = $"The task had to end by {task.Deadline:O}." };
        }

        return StartBy(task) <= now
            ? new TaskFailure { Kind = FailureKind.PendingTimeout, Message = $"The task was to start within {task.Spec.PendingTimeout} and did not." }
            : null;
    }

    private static DateTimeOffset? StartBy(TaskState task) =>
        task.Spec.PendingTimeout is { } timeout && !task.HasStarted ? task.Due + timeout : null;
}
