namespace FaultTolerance.Storage.Tasks;

/// <summary>One task as it is stored. The row is the task: whatever is true of it is in here.</summary>
/// <remarks>Times are the store's, in whole microseconds (<see cref="StoreTime"/>).</remarks>
public sealed record TaskRow
{
    /// <summary>Gets the task's id, the row's key.</summary>
    public required TaskId Id { get; init; }

    /// <summary>Gets where the task is in its life.</summary>
    public TaskPhase Phase { get; init; }

    /// <summary>Gets the number of the newest attempt; 0 before the first. It never falls, and each claim raises it by one.</summary>
    public int Attempt { get; init; }

    /// <summary>Gets the life of the node that owns the attempt while the phase is running; none otherwise.</summary>
    public NodeIncarnation Owner { get; init; }

    /// <summary>Gets the random number that the newest writer of the row made for its write.</summary>
    public long Token { get; init; }

    /// <summary>Gets when the task may next be claimed.</summary>
    public DateTimeOffset Due { get; init; }

    /// <summary>Gets when the row was inserted. Set by the store.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Gets when the newest attempt was claimed. Set by the store on a claim; by the writer of a row that is born claimed.</summary>
    public DateTimeOffset? Claimed { get; init; }

    /// <summary>Gets the total deadline.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Gets when the task became final.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Gets the handler as <c>name@version</c>; at most <see cref="StoreLimits.Handler"/> characters.</summary>
    public required string Handler { get; init; }

    /// <summary>Gets the immutable specification, serialized; or a <see cref="PayloadReference"/> to its parts.</summary>
    public required byte[] Spec { get; init; }

    /// <summary>Gets the serialized log of attempts and counters.</summary>
    public byte[] Life { get; init; } = [];

    /// <summary>Gets the result or the failure, serialized, of a final task; or a <see cref="PayloadReference"/> to its parts.</summary>
    public byte[]? Result { get; init; }
}
