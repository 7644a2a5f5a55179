namespace FaultTolerance.Grains.Recovery;

/// <summary>What recovery looks for again and again, beside dead nodes.</summary>
internal enum RecoverySweep
{
    /// <summary>Attempts whose owner does not live.</summary>
    Orphans = 0,

    /// <summary>Dependents whose wake was lost.</summary>
    Dependents = 1,

    /// <summary>Tasks that should have ended: past their deadline or pending timeout, or children of a cancelled parent.</summary>
    Unfinished = 2,

    /// <summary>Rows that nobody needs any more.</summary>
    Retention = 3,

    /// <summary>Incidents that handlers of failures are to be called for.</summary>
    FollowUps = 4,

    /// <summary>Recoveries that take longer than they may.</summary>
    Overdue = 5,

    /// <summary>Outages of the store that are over and are to be recorded.</summary>
    StorageOutages = 6,
}
