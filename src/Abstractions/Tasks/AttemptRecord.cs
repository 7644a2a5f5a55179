namespace FaultTolerance;

/// <summary>One attempt of a task, as history keeps it. Times are the store's.</summary>
[GenerateSerializer, Immutable, Alias("ft.AttemptRecord")]
public sealed record AttemptRecord
{
    /// <summary>Gets the attempt's number, counted from 1.</summary>
    [Id(0)] public required int Number { get; init; }

    /// <summary>Gets the name of the node that claimed the attempt.</summary>
    [Id(1)] public required string Node { get; init; }

    /// <summary>Gets the life of the node that claimed the attempt.</summary>
    [Id(2)] public NodeIncarnation Incarnation { get; init; }

    /// <summary>Gets when the attempt was claimed: its durable start.</summary>
    [Id(3)] public DateTimeOffset ClaimedAt { get; init; }

    /// <summary>Gets when the handler was called, if it is known to have been.</summary>
    [Id(4)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets when the end of the attempt was recorded.</summary>
    [Id(5)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Gets how the attempt ended.</summary>
    [Id(6)] public AttemptOutcome Outcome { get; init; }

    /// <summary>Gets why the attempt failed, if it did.</summary>
    [Id(7)] public TaskFailure? Failure { get; init; }
}
