namespace FaultTolerance.Gateways;

/// <summary>How a task ended, as it is told to its session.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskOutcome")]
public sealed record TaskOutcome
{
    /// <summary>Gets the task.</summary>
    [Id(0)] public required TaskId Id { get; init; }

    /// <summary>Gets the final phase, or the present one where the task has not ended.</summary>
    [Id(1)] public TaskPhase Phase { get; init; }

    /// <summary>Gets the result of a task that succeeded, framed by <see cref="Payloads.PayloadFrame"/>; null when it is too large to be sent along.</summary>
    [Id(2)] public byte[]? Result { get; init; }

    /// <summary>Gets the failure of a task that failed or was cancelled.</summary>
    [Id(3)] public TaskFailure? Failure { get; init; }

    /// <summary>Gets a value indicating whether no such task exists.</summary>
    [Id(4)] public bool IsUnknown { get; init; }

    /// <summary>Gets a value indicating whether the answer had no room for this task, of which it says nothing: ask for it again, at once.</summary>
    [Id(5)] public bool IsLeftOut { get; init; }
}
