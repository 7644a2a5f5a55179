namespace FaultTolerance.Cli.Queries;

/// <summary>What is known of a task's saved progress in JSON. The fields are a contract.</summary>
internal sealed record TaskProgressView
{
    /// <summary>Gets the number of the attempt that saved it.</summary>
    public int Attempt { get; init; }

    public DateTimeOffset SavedAt { get; init; }

    /// <summary>Gets how many bytes it takes.</summary>
    public int Size { get; init; }

    public required string Type { get; init; }

    public static TaskProgressView? Of(TaskProgress? progress) => progress is null ? null : new TaskProgressView
    {
        Attempt = progress.Attempt,
        SavedAt = progress.SavedAt,
        Size = progress.Size,
        Type = progress.Type,
    };
}
