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
}
