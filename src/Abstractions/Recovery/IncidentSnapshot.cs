namespace FaultTolerance;

/// <summary>One detected failure, and what was done about it. Times are the store's.</summary>
[GenerateSerializer, Immutable, Alias("ft.IncidentSnapshot")]
public sealed record IncidentSnapshot
{
    /// <summary>Gets the name under which the failure is recorded once, for instance <c>node/18f3…</c>.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>Gets what kind of failure it is.</summary>
    [Id(1)] public FailureKind Kind { get; init; }

    /// <summary>Gets the node concerned, by name; null where it concerns all.</summary>
    [Id(2)] public string? Node { get; init; }

    /// <summary>Gets the life of the node concerned.</summary>
    [Id(3)] public NodeIncarnation Incarnation { get; init; }

    /// <summary>Gets when the failure was recorded; of a node: when its death was.</summary>
    [Id(4)] public DateTimeOffset At { get; init; }

    /// <summary>Gets on what grounds the failure was recorded.</summary>
    [Id(5)] public string Evidence { get; init; } = "";

    /// <summary>Gets who recorded it, by node name.</summary>
    [Id(6)] public string? Reporter { get; init; }

    /// <summary>Gets when recovery was complete; of an actor that had hung: when it was alive again.</summary>
    [Id(7)] public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>Gets how many attempts the node owned when recovery began, and what it claimed afterwards.</summary>
    [Id(8)] public int AttemptsAffected { get; init; }

    /// <summary>Gets when recovery began; null before.</summary>
    [Id(9)] public DateTimeOffset? RecoveryStartedAt { get; init; }

    /// <summary>Gets what kind of thing failed.</summary>
    [Id(10)] public FailedEntity Entity { get; init; }

    /// <summary>Gets the task concerned, where the failure is a task's.</summary>
    [Id(11)] public TaskId? Task { get; init; }

    /// <summary>Gets the attempt concerned; 0 where the failure is no task's.</summary>
    [Id(12)] public int Attempt { get; init; }

    /// <summary>Gets since when something was wrong, as far as it is known: the start of an outage or of an attempt, the last heartbeat of an actor.</summary>
    [Id(13)] public DateTimeOffset? BeganAt { get; init; }

    /// <summary>Gets when the node was suspected; null where its death was proved before, or the detector's silo was lost with what it knew.</summary>
    [Id(14)] public DateTimeOffset? SuspectedAt { get; init; }

    /// <summary>Gets when the suspicion was verified: neither the detector nor other nodes had an answer. Null where that was not needed, or is not known.</summary>
    [Id(15)] public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>Gets when recovery was found to take longer than it may; null when it did not.</summary>
    [Id(16)] public DateTimeOffset? OverdueAt { get; init; }

    /// <summary>Gets how long it took, where a limit in time was passed: how long the attempt had run, the store was away, or the actor was silent.</summary>
    [Id(17)] public TimeSpan? Elapsed { get; init; }

    /// <summary>Gets the limit in time that was passed, where one was.</summary>
    [Id(18)] public TimeSpan? Limit { get; init; }

    /// <summary>Gets what was done about it, oldest first: the first few and the newest.</summary>
    [Id(19)] public IReadOnlyList<IncidentAction> Actions { get; init; } = [];

    /// <summary>Gets how many actions are left out between the first few and the newest.</summary>
    [Id(20)] public int OmittedActions { get; init; }

    /// <summary>Gets how far the handlers of failures have come, those that have been called.</summary>
    [Id(21)] public IReadOnlyList<IncidentFollowUp> FollowUps { get; init; } = [];

    /// <summary>Gets what kind of actor is concerned, where the failure is an actor's.</summary>
    [Id(22)] public string? ActorType { get; init; }

    /// <summary>Gets which actor of its type is concerned, where the failure is an actor's.</summary>
    [Id(23)] public string? ActorKey { get; init; }
}
