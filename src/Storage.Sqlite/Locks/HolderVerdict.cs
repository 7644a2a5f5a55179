namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>What a waiter decides about the holder of a lock.</summary>
internal enum HolderVerdict
{
    /// <summary>Nobody is known to hold it who could be ended: the record is blank, of another process namespace, or of a process that is gone.</summary>
    Unknown,

    /// <summary>This very process holds it, for another store.</summary>
    Own,

    /// <summary>A debugger is attached to the holder; it is left alone.</summary>
    Debugged,

    /// <summary>The holder runs, waits for its disk, or has only begun to sleep.</summary>
    Working,

    /// <summary>The holder is stopped; it is to be ended.</summary>
    Stopped,

    /// <summary>The holder has slept in one and the same hold from one look to the next without waking once; it is to be ended.</summary>
    Hung,
}
