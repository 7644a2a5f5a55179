namespace FaultTolerance;

/// <summary>One detected failure, and what was done about it. Times are the store's.</summary>
[GenerateSerializer, Immutable, Alias("ft.IncidentSnapshot")]
public sealed record IncidentSnapshot
{
    /// <summary>Gets the name under which the failure is recorded once, for instance <c>node/18f3…</c>.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>Gets what kind of failure it is.</summary>
    [Id(1)] public FailureKind Kind { get; init; }

    /// <summary>Gets the node concerned, by name.</summary>
    [Id(2)] public string? Node { get; init; }

    /// <summary>Gets the life of the node concerned.</summary>
    [Id(3)] public NodeIncarnation Incarnation { get; init; }

    /// <summary>Gets when the failure was recorded.</summary>
    [Id(4)] public DateTimeOffset At { get; init; }

    /// <summary>Gets on what grounds the failure was recorded.</summary>
    [Id(5)] public string Evidence { get; init; } = "";

    /// <summary>Gets who recorded it, by node name.</summary>
    [Id(6)] public string? Reporter { get; init; }

    /// <summary>Gets when recovery was complete.</summary>
    [Id(7)] public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>Gets how many attempts the node owned when recovery began, and what it claimed afterwards.</summary>
    [Id(8)] public int AttemptsAffected { get; init; }

    /// <summary>Gets when recovery began; null before.</summary>
    [Id(9)] public DateTimeOffset? RecoveryStartedAt { get; init; }
}
