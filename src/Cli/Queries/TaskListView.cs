namespace FaultTolerance.Cli.Queries;

/// <summary>What <c>ft tasks list</c> shows. The fields of its JSON are a contract.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Next">The id to go on after; null where there is nothing more.</param>
internal sealed record TaskListView(IReadOnlyList<TaskItem> Tasks, string? Next);
