namespace FaultTolerance.Storage.Tasks;

/// <summary>The edges of one task.</summary>
/// <param name="Upstream">The tasks that it depends on.</param>
/// <param name="Downstream">The tasks that depend on it.</param>
/// <param name="Children">The tasks that its handler submitted.</param>
public sealed record TaskEdges(IReadOnlyList<TaskId> Upstream, IReadOnlyList<TaskId> Downstream, IReadOnlyList<TaskId> Children);
