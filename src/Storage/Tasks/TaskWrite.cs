namespace FaultTolerance.Storage.Tasks;

/// <summary>One conditional write of one task's row: a <see cref="TaskInsert"/> or a <see cref="TaskUpdate"/>.</summary>
/// <remarks>
/// A writer makes a random token for each write. When the outcome of a commit is unknown the same write is repeated, and a
/// row that carries the token is the writer's own success.
/// </remarks>
public abstract record TaskWrite
{
    /// <summary>Gets the row's key.</summary>
    public abstract TaskId Id { get; }

    /// <summary>Gets the token that the row carries after this write.</summary>
    public abstract long Token { get; }

    /// <summary>Gets the parts of a payload too large for the row, stored under (<see cref="Id"/>, <see cref="Token"/>) before the row is written.</summary>
    public IReadOnlyList<byte[]> Parts { get; init; } = [];
}
