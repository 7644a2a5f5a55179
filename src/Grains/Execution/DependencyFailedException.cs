namespace FaultTolerance.Grains.Execution;

/// <summary>A result that a task takes as an argument will never be there.</summary>
internal sealed class DependencyFailedException(TaskFailure failure) : Exception(failure.Message)
{
    public TaskFailure Failure { get; } = failure;
}
