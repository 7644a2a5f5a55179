namespace FaultTolerance.Testing.Simulation;

/// <summary>What befalls a machine, or the whole cluster, in one stroke.</summary>
internal enum GreatFault
{
    /// <summary>A process dies.</summary>
    Crash,

    /// <summary>A process stands still: for a moment, about as long as a lease, or far longer.</summary>
    Pause,

    /// <summary>A machine alone loses the store.</summary>
    CutOff,

    /// <summary>Everybody loses the store.</summary>
    Outage,

    /// <summary>All processes die at once.</summary>
    CrashAll,

    /// <summary>A node is told to leave, by a signal or by an order.</summary>
    Drain,

    /// <summary>Some machines cannot reach the others, in both directions or in one.</summary>
    Split,

    /// <summary>Somebody sets the clock of the store's machine.</summary>
    ClockStep,

    /// <summary>Everything fails that runs on one machine.</summary>
    Break,

    /// <summary>An operator quarantines a node, and releases it later.</summary>
    Quarantine,
}
