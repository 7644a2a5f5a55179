namespace FaultTolerance;

/// <summary>A task's result was asked for, but the task has failed for good.</summary>
[GenerateSerializer, Alias("ft.TaskFailedException")]
public class TaskFailedException : FaultToleranceException
{
    /// <summary>Creates the exception from the failure that the task ended with.</summary>
    public TaskFailedException(TaskFailure failure)
        : base(Describe(failure)) => Failure = failure;

    /// <summary>Gets the failure, with its kind, its node, its attempt and its chain of causes.</summary>
    [Id(0)] public TaskFailure Failure { get; }

    private static string Describe(TaskFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var root = failure.Chain().Last();
        var where = failure.Node is null ? "" : $" on {failure.Node}";
        var cause = ReferenceEquals(root, failure) ? "" : $" Root cause: {Name(root)}: {root.Message}";
        return $"Task {failure.TaskId} failed ({failure.Kind}, attempt {failure.Attempt}{where}): {Name(failure)}: {failure.Message}{cause}";
    }

    private static string Name(TaskFailure failure) => failure.ExceptionType ?? failure.Kind.ToString();
}
