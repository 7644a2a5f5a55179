namespace FaultTolerance.Storage;

/// <summary>The limits of rows and batches, the same on every engine.</summary>
public static class StoreLimits
{
    /// <summary>The most writes in one batch.</summary>
    public const int Batch = 1_000;

    /// <summary>The most ids in one read.</summary>
    public const int Read = 2_000;

    /// <summary>The longest handler with its version (<see cref="Tasks.TaskRow.Handler"/>), in characters.</summary>
    public const int Handler = 256;

    /// <summary>The longest idempotency key (<see cref="Tasks.TaskInsert.IdempotencyKey"/>), in characters.</summary>
    public const int IdempotencyKey = 512;

    /// <summary>The longest key of an event (<see cref="Events.EventRow.Key"/>), in characters.</summary>
    public const int EventKey = 512;

    /// <summary>The longest key of a grain's state (<see cref="GrainState.GrainStateWrite.Key"/>), in characters.</summary>
    public const int StateKey = 1_024;
}
