namespace FaultTolerance;

/// <summary>Everything that happened to a task: its snapshot and every attempt, oldest first.</summary>
/// <param name="Task">The task as it is now.</param>
/// <param name="Attempts">Every attempt, oldest first.</param>
[GenerateSerializer, Immutable, Alias("ft.TaskHistory")]
public sealed record TaskHistory([property: Id(0)] TaskSnapshot Task, [property: Id(1)] IReadOnlyList<AttemptRecord> Attempts);
