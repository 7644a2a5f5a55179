namespace FaultTolerance.Grains.Tasks;

/// <summary>A task's row in the words of its life: what <see cref="TaskLifecycle"/> decides about.</summary>
internal sealed record TaskState
{
    public required TaskId Id { get; init; }

    public required TaskSpec Spec { get; init; }

    public TaskPhase Phase { get; init; }

    public int Attempt { get; init; }

    public NodeIncarnation Owner { get; init; }

    public long Token { get; init; }

    public DateTimeOffset Due { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? Claimed { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public DateTimeOffset? Finished { get; init; }

    public TaskLife Life { get; init; } = TaskLife.New;

    /// <summary>The result as it stands in the row, for a task that succeeded.</summary>
    public byte[]? StoredResult { get; init; }

    /// <summary>Why the row cannot be run, where its specification or its life cannot be read; what cannot is then empty here.</summary>
    public string? Damage { get; init; }

    /// <summary>Whether a handler may have been called in an earlier attempt.</summary>
    public bool HasStarted => Life.Attempts.Any(attempt => attempt.Outcome != AttemptOutcome.Released);

    /// <summary>Whether the task must run alone on its node, because two processes died while they ran it.</summary>
    public bool IsIsolated => Life.Charges >= TaskLifecycle.ChargesUntilIsolated;
}
