namespace FaultTolerance;

/// <summary>A task in a list: what its row tells without its arguments. Times are the store's.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskSummary")]
public sealed record TaskSummary
{
    /// <summary>Gets the task's id.</summary>
    [Id(0)] public required TaskId Id { get; init; }

    /// <summary>Gets the handler's name.</summary>
    [Id(1)] public required string Handler { get; init; }

    /// <summary>Gets the handler's version.</summary>
    [Id(2)] public int HandlerVersion { get; init; }

    /// <summary>Gets where the task is in its life.</summary>
    [Id(3)] public TaskPhase Phase { get; init; }

    /// <summary>Gets the number of the newest attempt, counted from 1; 0 before the first.</summary>
    [Id(4)] public int Attempt { get; init; }

    /// <summary>Gets the node that runs the task, while it is running.</summary>
    [Id(5)] public string? Node { get; init; }

    /// <summary>Gets when the task was accepted.</summary>
    [Id(6)] public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Gets when the task may next be started, while it is waiting or queued.</summary>
    [Id(7)] public DateTimeOffset DueAt { get; init; }

    /// <summary>Gets when the task became final.</summary>
    [Id(8)] public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Gets the kind of the failure that the task ended with, or of the newest one while it is being retried.</summary>
    [Id(9)] public FailureKind? FailureKind { get; init; }

    /// <summary>Gets what that failure was, in a sentence.</summary>
    [Id(10)] public string? FailureMessage { get; init; }
}
