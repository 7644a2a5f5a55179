namespace FaultTolerance.Cli.Queries;

/// <summary>What became of the cancel of a task.</summary>
internal enum CancelResult
{
    /// <summary>The task is cancelled, by this or by a cancel before.</summary>
    Cancelled,

    /// <summary>The task had succeeded or failed before.</summary>
    AlreadyEnded,

    /// <summary>There is no such task.</summary>
    NotFound,
}
