namespace FaultTolerance;

/// <summary>No gateway answered a submit in time, or none could say what the store did with it. Whether it was accepted is unknown.</summary>
/// <remarks>
/// Submit the same call again under the same id (<see cref="SubmitOptions.Id"/>): where it was accepted that changes nothing.
/// Or ask for the task's snapshot.
/// </remarks>
[GenerateSerializer, Alias("ft.SubmitTimeoutException")]
public sealed class SubmitTimeoutException : FaultToleranceException
{
    /// <summary>Creates the exception with what was tried, for how long, and what to do.</summary>
    public SubmitTimeoutException(IReadOnlyList<TaskId> taskIds, string message, Exception? inner = null)
        : base(message, inner)
    {
        TaskIds = taskIds;
        IsRetryable = true;
    }

    /// <summary>Gets the tasks of which it is unknown whether they were accepted.</summary>
    [Id(0)] public IReadOnlyList<TaskId> TaskIds { get; }
}
