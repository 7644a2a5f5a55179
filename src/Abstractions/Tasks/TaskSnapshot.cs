namespace FaultTolerance;

/// <summary>A task as its row shows it at one moment. Times are the store's.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskSnapshot")]
public sealed record TaskSnapshot
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

    /// <summary>Gets the total deadline, if the call set one.</summary>
    [Id(9)] public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>Gets the failure that the task ended with, or the newest one while it is being retried.</summary>
    [Id(10)] public TaskFailure? Failure { get; init; }

    /// <summary>Gets how many retries each cause has cost so far.</summary>
    [Id(11)] public IReadOnlyDictionary<FailureKind, int> Retries { get; init; } = new Dictionary<FailureKind, int>();

    /// <summary>Gets the task whose handler submitted this one, if one did.</summary>
    [Id(12)] public TaskId? Parent { get; init; }

    /// <summary>Gets what is known of the progress that the handler has saved; null before it has, and when the task is final.</summary>
    [Id(13)] public TaskProgress? Progress { get; init; }

    /// <summary>Gets why the call cannot be read from the store, for instance because a part of its arguments is lost; null where it can.</summary>
    /// <remarks>Phase, attempts and times are true all the same. Such a task fails when its turn comes, and can be cancelled; submit the call again under a new id.</remarks>
    [Id(14)] public string? Damage { get; init; }
}
