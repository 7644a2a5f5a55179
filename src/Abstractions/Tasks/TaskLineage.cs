namespace FaultTolerance;

/// <summary>Where a task's arguments came from and where its result goes.</summary>
/// <param name="Task">The task itself.</param>
/// <param name="Attempts">The chain of its attempts, oldest first.</param>
/// <param name="Upstream">The tasks whose results it takes.</param>
/// <param name="Downstream">The tasks that take its result.</param>
/// <param name="Children">The tasks that its handler submitted.</param>
[GenerateSerializer, Immutable, Alias("ft.TaskLineage")]
public sealed record TaskLineage(
    [property: Id(0)] TaskSnapshot Task,
    [property: Id(1)] IReadOnlyList<AttemptRecord> Attempts,
    [property: Id(2)] IReadOnlyList<TaskId> Upstream,
    [property: Id(3)] IReadOnlyList<TaskId> Downstream,
    [property: Id(4)] IReadOnlyList<TaskId> Children);
