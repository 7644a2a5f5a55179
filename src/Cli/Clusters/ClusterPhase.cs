namespace FaultTolerance.Cli.Clusters;

/// <summary>Where a local cluster is in its life.</summary>
internal enum ClusterPhase
{
    /// <summary>The silos are being started, and not all have joined yet.</summary>
    Starting,

    /// <summary>All silos have joined; those that die are started again.</summary>
    Running,

    /// <summary>The silos are leaving.</summary>
    Stopping,

    /// <summary>Nothing runs.</summary>
    Stopped,

    /// <summary>The supervisor has ended without having stopped the cluster. Its silos ended with it.</summary>
    Crashed,
}
