namespace FaultTolerance;

/// <summary>One page of a list of tasks, in the order of their ids, which is the order of their making.</summary>
/// <param name="Tasks">The tasks. There may be fewer than asked for, or none, although more follow: a page looks at so many tasks only.</param>
/// <param name="Next">The id after which the next page starts; null where there is nothing more.</param>
[GenerateSerializer, Immutable, Alias("ft.TaskPage")]
public sealed record TaskPage([property: Id(0)] IReadOnlyList<TaskSummary> Tasks, [property: Id(1)] TaskId? Next);
