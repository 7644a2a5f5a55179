namespace FaultTolerance.Cli.Queries;

/// <summary>A task in a tree of lineage. The fields of its JSON are a contract.</summary>
internal sealed record LineageNode
{
    public required string Id { get; init; }

    /// <summary>Gets the handler's name; null for a task that is not known any more.</summary>
    public string? Handler { get; init; }

    public int Version { get; init; }

    /// <summary>Gets where the task is in its life; null for one that is not known any more.</summary>
    public TaskPhase? Phase { get; init; }

    public int Attempt { get; init; }

    /// <summary>Gets a value indicating whether the task stands in the tree before; what lies beyond it is shown there.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Gets the tasks one step further.</summary>
    public IReadOnlyList<LineageNode> Tasks { get; init; } = [];

    /// <summary>Gets how many tasks one step further are not shown.</summary>
    public int Omitted { get; init; }
}
