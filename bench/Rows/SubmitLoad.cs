namespace FaultTolerance.Bench.Rows;

/// <summary>How tasks are submitted.</summary>
internal enum SubmitLoad
{
    /// <summary>By many callers, one each.</summary>
    Single,

    /// <summary>By few callers, many at once.</summary>
    Many,

    /// <summary>One after another.</summary>
    Lone,
}
