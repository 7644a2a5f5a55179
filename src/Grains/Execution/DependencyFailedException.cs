namespace FaultTolerance.Grains.Execution;

/// <summary>The results that a task takes as arguments cannot be had: one will never be there, or together they are too large.</summary>
internal sealed class DependencyFailedException(TaskFailure failure) : Exception(failure.Message)
{
    public TaskFailure Failure { get; } = failure;
}
