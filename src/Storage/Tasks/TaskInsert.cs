namespace FaultTolerance.Storage.Tasks;

/// <summary>Inserts a row, or does nothing where one with this id exists.</summary>
/// <remarks>
/// The row, its edges and its idempotency key are stored together or not at all. Where the id exists the answer is
/// <see cref="TaskWriteStatus.Conflict"/>, whoever holds the key.
/// </remarks>
/// <param name="Row">The row as it is to be; <see cref="TaskRow.Created"/> is set by the store.</param>
public sealed record TaskInsert(TaskRow Row) : TaskWrite
{
    /// <inheritdoc/>
    public override TaskId Id => Row.Id;

    /// <inheritdoc/>
    public override long Token => Row.Token;

    /// <summary>Gets the tasks whose results this one needs, each once.</summary>
    public IReadOnlyList<TaskId> DependsOn { get; init; } = [];

    /// <summary>Gets the task whose handler submitted this one.</summary>
    public TaskId? Parent { get; init; }

    /// <summary>Gets the key that admits one task only, until that task is purged; at most <see cref="StoreLimits.IdempotencyKey"/> characters, compared exactly.</summary>
    public string? IdempotencyKey { get; init; }
}
