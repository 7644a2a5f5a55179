namespace FaultTolerance;

/// <summary>A task was asked for that was never accepted, or whose retention has ended.</summary>
[GenerateSerializer, Alias("ft.TaskUnknownException")]
public sealed class TaskUnknownException(TaskId taskId)
    : FaultToleranceException($"Task {taskId} is not known: it was never accepted, or it ended so long ago that its retention is over.")
{
    /// <summary>Gets the task that was asked for.</summary>
    [Id(0)] public TaskId TaskId { get; } = taskId;
}
