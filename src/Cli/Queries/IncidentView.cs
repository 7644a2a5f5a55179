namespace FaultTolerance.Cli.Queries;

/// <summary>An incident in JSON. The fields are a contract.</summary>
internal sealed record IncidentView
{
    public FailureKind Kind { get; init; }

    public string? Node { get; init; }

    public required string Incarnation { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Evidence { get; init; }

    public string? Reporter { get; init; }

    public DateTimeOffset? RecoveredAt { get; init; }

    public int AttemptsAffected { get; init; }

    public static IncidentView Of(IncidentSnapshot incident) => new()
    {
        Kind = incident.Kind,
        Node = incident.Node,
        Incarnation = incident.Incarnation.ToString(),
        At = incident.At,
        Evidence = incident.Evidence,
        Reporter = incident.Reporter,
        RecoveredAt = incident.RecoveredAt,
        AttemptsAffected = incident.AttemptsAffected,
    };
}
