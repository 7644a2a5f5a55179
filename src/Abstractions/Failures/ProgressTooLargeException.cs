namespace FaultTolerance;

/// <summary>A handler's progress takes more bytes than may be kept. What was saved before is still there.</summary>
[GenerateSerializer, Alias("ft.ProgressTooLargeException")]
public sealed class ProgressTooLargeException(TaskId taskId, int size, int limit) : FaultToleranceException(
    $"The progress of task {taskId} takes {size:N0} bytes; at most {limit:N0} are allowed (TaskLimits.MaxProgress). Save where the data lies instead of the data, for instance a position in a file.")
{
    /// <summary>Gets the task.</summary>
    [Id(0)] public TaskId TaskId { get; } = taskId;

    /// <summary>Gets how many bytes the progress takes.</summary>
    [Id(1)] public int Size { get; } = size;

    /// <summary>Gets how many it may take.</summary>
    [Id(2)] public int Limit { get; } = limit;
}
