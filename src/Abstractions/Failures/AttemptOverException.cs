namespace FaultTolerance;

/// <summary>An attempt wanted to save progress and is not its task's present one any more: it was replaced, cancelled or given up, or has ended. Whoever continues the task may not see what was to be saved.</summary>
[GenerateSerializer, Alias("ft.AttemptOverException")]
public sealed class AttemptOverException(TaskId taskId, int attempt) : FaultToleranceException(
    $"Attempt {attempt} of task {taskId} is not the present one any more: the progress that it wanted to save does not count. Stop the handler.")
{
    /// <summary>Gets the task.</summary>
    [Id(0)] public TaskId TaskId { get; } = taskId;

    /// <summary>Gets the attempt.</summary>
    [Id(1)] public int Attempt { get; } = attempt;
}
