namespace FaultTolerance.Storage.Tasks;

/// <summary>The answer to one <see cref="TaskWrite"/>.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="KeyHolder">The task that holds the idempotency key, for <see cref="TaskWriteStatus.KeyTaken"/>.</param>
public readonly record struct TaskWriteResult(TaskWriteStatus Status, TaskId KeyHolder = default)
{
    /// <summary>The answer to a committed write.</summary>
    public static TaskWriteResult Applied => default;

    /// <summary>The answer to a write that lost.</summary>
    public static TaskWriteResult Conflict => new(TaskWriteStatus.Conflict);

    /// <summary>Gets a value indicating whether the write is committed.</summary>
    public bool IsApplied => Status == TaskWriteStatus.Applied;
}
