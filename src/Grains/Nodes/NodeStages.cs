namespace FaultTolerance.Grains.Nodes;

/// <summary>When, in the silo's own life, a node does what. Orleans starts stages in ascending order and stops them in descending order.</summary>
internal static class NodeStages
{
    /// <summary>Before Orleans first reads its membership table, which it does at <see cref="ServiceLifecycleStage.RuntimeGrainServices"/>.</summary>
    public const int RemoveStaleSilos = ServiceLifecycleStage.RuntimeGrainServices - 1;

    /// <summary>
    /// After Orleans has found every active silo reachable (<see cref="ServiceLifecycleStage.ValidateInitialConnectivity"/>, which
    /// may take long and fail), and before this one becomes active and takes calls: no silo works without a lease.
    /// </summary>
    public const int Join = ServiceLifecycleStage.BecomeActive - 10;

    /// <summary>After the silo is active. Stopped after the node has left, before the silo's grains are taken down.</summary>
    public const int Watch = ServiceLifecycleStage.Active + 1;

    /// <summary>Last of all when it starts, first of all when it stops: a node drains while everything still works.</summary>
    public const int Work = ServiceLifecycleStage.Active + 2;
}
