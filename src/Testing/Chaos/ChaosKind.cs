namespace FaultTolerance.Testing.Chaos;

/// <summary>What is done to a cluster.</summary>
internal enum ChaosKind
{
    /// <summary>A silo's process is killed.</summary>
    Kill,

    /// <summary>All silos but one are killed at once.</summary>
    KillMost,

    /// <summary>All silos are killed at once.</summary>
    KillAll,

    /// <summary>The silo is killed that the failure detector is on.</summary>
    KillDetector,

    /// <summary>A silo stands still for less than its profile survives.</summary>
    PauseShort,

    /// <summary>A silo stands still for a little less or a little more than its lease.</summary>
    PauseAround,

    /// <summary>A silo stands still until others have taken over its work.</summary>
    PauseLong,

    /// <summary>A silo is asked to leave by SIGTERM, and started again.</summary>
    Terminate,

    /// <summary>A silo is asked to leave by an order of the cluster, and started again.</summary>
    Drain,

    /// <summary>The database server is stopped for longer than a lease.</summary>
    StoreStop,

    /// <summary>The database server stands still for longer than a lease.</summary>
    StoreFreeze,

    /// <summary>The database server is ended without having written anything, and started again at once.</summary>
    StoreRestart,

    /// <summary>A silo reaches nobody until it was replaced.</summary>
    NetworkCut,

    /// <summary>A silo is not heard by the others, or does not hear them, until it was replaced.</summary>
    NetworkOneWay,

    /// <summary>A silo reaches the store but not the others until it was replaced.</summary>
    NetworkPeers,

    /// <summary>A silo reaches the others but not the store until it was replaced.</summary>
    NetworkStore,

    /// <summary>Every silo loses a part of what is sent to it, for some seconds.</summary>
    NetworkLoss,

    /// <summary>No silo reaches anybody, for less than the profile survives.</summary>
    NetworkBlackout,
}
