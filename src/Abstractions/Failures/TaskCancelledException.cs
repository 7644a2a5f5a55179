namespace FaultTolerance;

/// <summary>A task's result was asked for, but the task was cancelled.</summary>
[GenerateSerializer, Alias("ft.TaskCancelledException")]
public sealed class TaskCancelledException(TaskFailure failure) : TaskFailedException(failure);
