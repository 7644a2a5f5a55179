namespace FaultTolerance.Cli.Demo;

/// <summary>What the demo does to its victims.</summary>
internal enum KillSignal
{
    /// <summary>SIGKILL: the process is gone at once.</summary>
    Kill,

    /// <summary>SIGSTOP: the process stands still, keeps its connections and its locks, and wakes after others have taken over its work.</summary>
    Pause,
}
