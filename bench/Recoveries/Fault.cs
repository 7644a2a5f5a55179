namespace FaultTolerance.Bench.Recoveries;

/// <summary>What is done to a silo's process.</summary>
internal enum Fault
{
    /// <summary>It is ended at once, by SIGKILL.</summary>
    Kill,

    /// <summary>It stands still, by SIGSTOP, with its connections open.</summary>
    Freeze,
}
