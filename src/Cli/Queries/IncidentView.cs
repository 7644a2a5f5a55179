namespace FaultTolerance.Cli.Queries;

/// <summary>An incident in JSON. The fields are a contract.</summary>
internal sealed record IncidentView
{
    public FailureKind Kind { get; init; }

    public string? Node { get; init; }

    /// <summary>Gets the life of the node; null where the failure is of no node's life.</summary>
    public string? Incarnation { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Evidence { get; init; }

    public string? Reporter { get; init; }

    public DateTimeOffset? RecoveredAt { get; init; }

    public int AttemptsAffected { get; init; }

    public string? Key { get; init; }

    public FailedEntity Entity { get; init; }

    public string? Task { get; init; }

    public int Attempt { get; init; }

    public string? ActorType { get; init; }

    public string? ActorKey { get; init; }

    public DateTimeOffset? BeganAt { get; init; }

    public DateTimeOffset? SuspectedAt { get; init; }

    public DateTimeOffset? VerifiedAt { get; init; }

    public DateTimeOffset? RecoveryStartedAt { get; init; }

    public DateTimeOffset? OverdueAt { get; init; }

    public double? ElapsedSeconds { get; init; }

    public double? LimitSeconds { get; init; }

    public IReadOnlyList<IncidentAction> Actions { get; init; } = [];

    public int OmittedActions { get; init; }

    public IReadOnlyList<FollowUpView> FollowUps { get; init; } = [];

    public static IncidentView Of(IncidentSnapshot incident) => new()
    {
        Kind = incident.Kind,
        Node = incident.Node,
        Incarnation = incident.Incarnation == NodeIncarnation.None ? null : incident.Incarnation.ToString(),
        At = incident.At,
        Evidence = incident.Evidence,
        Reporter = incident.Reporter,
        RecoveredAt = incident.RecoveredAt,
        AttemptsAffected = incident.AttemptsAffected,
        Key = incident.Key,
        Entity = incident.Entity,
        Task = incident.Task?.ToString(),
        Attempt = incident.Attempt,
        ActorType = incident.ActorType,
        ActorKey = incident.ActorKey,
        BeganAt = incident.BeganAt,
        SuspectedAt = incident.SuspectedAt,
        VerifiedAt = incident.VerifiedAt,
        RecoveryStartedAt = incident.RecoveryStartedAt,
        OverdueAt = incident.OverdueAt,
        ElapsedSeconds = incident.Elapsed?.TotalSeconds,
        LimitSeconds = incident.Limit?.TotalSeconds,
        Actions = incident.Actions,
        OmittedActions = incident.OmittedActions,
        FollowUps = [.. incident.FollowUps.Select(FollowUpView.Of)],
    };
}
