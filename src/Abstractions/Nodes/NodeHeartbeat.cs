namespace FaultTolerance;

/// <summary>What a node tells the failure detector, again and again.</summary>
[GenerateSerializer, Immutable, Alias("ft.NodeHeartbeat")]
public sealed record NodeHeartbeat
{
    /// <summary>Gets the node.</summary>
    [Id(0)] public required NodeInfo Node { get; init; }

    /// <summary>Gets the number of this heartbeat, counted from 1 in each life.</summary>
    [Id(1)] public long Sequence { get; init; }

    /// <summary>Gets the phase that the node believes to be in.</summary>
    [Id(2)] public NodePhase Phase { get; init; }

    /// <summary>Gets how many attempts are running.</summary>
    [Id(3)] public int Running { get; init; }

    /// <summary>Gets the attempts that are claimed but whose handlers have not started: they are released free if the node dies.</summary>
    [Id(4)] public IReadOnlyList<TaskId> Waiting { get; init; } = [];

    /// <summary>Gets how long the node's thread pool took to run a work item, newest measurement.</summary>
    [Id(5)] public TimeSpan PoolDelay { get; init; }

    /// <summary>Gets how long the newest renewal of the lease took.</summary>
    [Id(6)] public TimeSpan StoreLatency { get; init; }
}
