namespace FaultTolerance;

/// <summary>One failure, told in full: its kind, where and when it happened, what caused it and what was done about it.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskFailure")]
public sealed record TaskFailure
{
    /// <summary>Gets the kind of the failure.</summary>
    [Id(0)] public required FailureKind Kind { get; init; }

    /// <summary>Gets what happened, in a sentence.</summary>
    [Id(1)] public required string Message { get; init; }

    /// <summary>Gets the task that failed.</summary>
    [Id(2)] public TaskId TaskId { get; init; }

    /// <summary>Gets the attempt that failed, counted from 1; 0 when the task failed outside any attempt.</summary>
    [Id(3)] public int Attempt { get; init; }

    /// <summary>Gets the name of the node on which the attempt ran, if it ran.</summary>
    [Id(4)] public string? Node { get; init; }

    /// <summary>Gets the full name of the exception's type, if an exception was thrown.</summary>
    [Id(5)] public string? ExceptionType { get; init; }

    /// <summary>Gets the full names of the exception's base types, nearest first, without <see cref="object"/>.</summary>
    [Id(6)] public IReadOnlyList<string> ExceptionBaseTypes { get; init; } = [];

    /// <summary>Gets the exception's stack trace as the handler's process saw it.</summary>
    [Id(7)] public string? StackTrace { get; init; }

    /// <summary>Gets the failure that caused this one: an inner exception, or a dependency's failure.</summary>
    [Id(8)] public TaskFailure? Cause { get; init; }

    /// <summary>Gets when the failure was recorded, in the store's time.</summary>
    [Id(9)] public DateTimeOffset At { get; init; }

    /// <summary>Gets what the system did about it.</summary>
    [Id(10)] public FailureResponse Response { get; init; }

    /// <summary>Gets when the task is tried again, in the store's time, if it is.</summary>
    [Id(11)] public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Gets how many causes are left out between this failure and <see cref="Cause"/>, because the chain is longer than is kept.</summary>
    [Id(12)] public int OmittedCauses { get; init; }

    /// <summary>Returns this failure and its causes, as far as they are kept, outermost first.</summary>
    public IEnumerable<TaskFailure> Chain()
    {
        for (var failure = this; failure is not null; failure = failure.Cause)
        {
            yield return failure;
        }
    }
}
