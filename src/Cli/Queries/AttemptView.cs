namespace FaultTolerance.Cli.Queries;

/// <summary>An attempt in JSON. The fields are a contract.</summary>
internal sealed record AttemptView
{
    public int Number { get; init; }

    public required string Node { get; init; }

    public required string Incarnation { get; init; }

    public DateTimeOffset ClaimedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public AttemptOutcome Outcome { get; init; }

    public FailureView? Failure { get; init; }

    public static AttemptView Of(AttemptRecord attempt) => new()
    {
        Number = attempt.Number,
        Node = attempt.Node,
        Incarnation = attempt.Incarnation.ToString(),
        ClaimedAt = attempt.ClaimedAt,
        StartedAt = attempt.StartedAt,
        EndedAt = attempt.EndedAt,
        Outcome = attempt.Outcome,
        Failure = FailureView.Of(attempt.Failure),
    };
}
