namespace FaultTolerance.Cli.Queries;

/// <summary>A task of a list in JSON. The fields are a contract.</summary>
internal sealed record TaskItem
{
    public required string Id { get; init; }

    public required string Handler { get; init; }

    public int Version { get; init; }

    public TaskPhase Phase { get; init; }

    public int Attempt { get; init; }

    public string? Node { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public FailureKind? FailureKind { get; init; }

    public string? FailureMessage { get; init; }

    public static TaskItem Of(TaskSummary task) => new()
    {
        Id = task.Id.ToString(),
        Handler = task.Handler,
        Version = task.HandlerVersion,
        Phase = task.Phase,
        Attempt = task.Attempt,
        Node = task.Node,
        SubmittedAt = task.SubmittedAt,
        DueAt = task.DueAt,
        FinishedAt = task.FinishedAt,
        FailureKind = task.FailureKind,
        FailureMessage = task.FailureMessage,
    };
}
