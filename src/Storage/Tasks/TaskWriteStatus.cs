namespace FaultTolerance.Storage.Tasks;

/// <summary>What became of a conditional write.</summary>
public enum TaskWriteStatus
{
    /// <summary>The write is committed.</summary>
    Applied = 0,

    /// <summary>The row did not meet the condition, does not exist, or for an insert exists already. Nothing was changed.</summary>
    Conflict = 1,

    /// <summary>Another task holds the idempotency key. Nothing was changed.</summary>
    KeyTaken = 2,
}
