namespace FaultTolerance.Grains.Recovery;

/// <summary>What recovery looks for again and again, beside dead nodes.</summary>
internal enum RecoverySweep
{
    /// <summary>Attempts whose owner does not live.</summary>
    Orphans = 0,

    /// <summary>Dependents whose wake was lost.</summary>
    Dependents = 1,

    /// <summary>Queued tasks that are past their deadline or their pending timeout.</summary>
    Overdue = 2,

    /// <summary>Rows that nobody needs any more.</summary>
    Retention = 3,
}
