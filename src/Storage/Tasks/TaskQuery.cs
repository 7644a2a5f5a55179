namespace FaultTolerance.Storage.Tasks;

/// <summary>A page of rows, in the order of their ids.</summary>
public sealed record TaskQuery
{
    /// <summary>Gets the phase that rows must be in; null for any.</summary>
    public TaskPhase? Phase { get; init; }

    /// <summary>Gets the owner that running rows must have; null for any.</summary>
    public NodeIncarnation? Owner { get; init; }

    /// <summary>Gets the id after which the page starts; null for the first page.</summary>
    public TaskId? After { get; init; }

    /// <summary>Gets a value indicating whether the page goes from the newest id to the oldest.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Gets how many rows the page holds at the most.</summary>
    public required int Limit { get; init; }
}
