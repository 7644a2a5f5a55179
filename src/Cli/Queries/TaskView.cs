namespace FaultTolerance.Cli.Queries;

/// <summary>A task with its attempts in JSON. The fields are a contract.</summary>
internal sealed record TaskView
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

    public DateTimeOffset? DeadlineAt { get; init; }

    public string? Parent { get; init; }

    /// <summary>Gets how many retries each cause has cost.</summary>
    public required IReadOnlyDictionary<string, int> Retries { get; init; }

    public FailureView? Failure { get; init; }

    public IReadOnlyList<AttemptView> Attempts { get; init; } = [];

    /// <summary>Gets what is known of the progress that the handler has saved; null where it has not, and when the task is final.</summary>
    public TaskProgressView? Progress { get; init; }

    /// <summary>Gets why the call cannot be read from the store; null where it can.</summary>
    public string? Damage { get; init; }

    public static TaskView Of(TaskHistory history)
    {
        var task = history.Task;
        return new TaskView
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
            DeadlineAt = task.DeadlineAt,
            Parent = task.Parent?.ToString(),
            Retries = task.Retries.ToDictionary(retry => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(retry.Key.ToString()), retry => retry.Value),
            Failure = FailureView.Of(task.Failure),
            Attempts = [.. history.Attempts.Select(AttemptView.Of)],
            Progress = TaskProgressView.Of(task.Progress),
            Damage = task.Damage,
        };
    }
}
