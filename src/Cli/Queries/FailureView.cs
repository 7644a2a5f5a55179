namespace FaultTolerance.Cli.Queries;

/// <summary>A failure in JSON. The fields are a contract.</summary>
internal sealed record FailureView
{
    public FailureKind Kind { get; init; }

    public required string Message { get; init; }

    /// <summary>Gets the task that failed: another one where a dependency's failure is the cause.</summary>
    public required string Task { get; init; }

    public int Attempt { get; init; }

    public string? Node { get; init; }

    public string? ExceptionType { get; init; }

    public string? StackTrace { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Gets what the system did next.</summary>
    public FailureResponse Response { get; init; }

    public DateTimeOffset? RetryAt { get; init; }

    public FailureView? Cause { get; init; }

    public static FailureView? Of(TaskFailure? failure) => failure is null ? null : new FailureView
    {
        Kind = failure.Kind,
        Message = failure.Message,
        Task = failure.TaskId.ToString(),
        Attempt = failure.Attempt,
        Node = failure.Node,
        ExceptionType = failure.ExceptionType,
        StackTrace = failure.StackTrace,
        At = failure.At,
        Response = failure.Response,
        RetryAt = failure.RetryAt,
        Cause = Of(failure.Cause),
    };
}
