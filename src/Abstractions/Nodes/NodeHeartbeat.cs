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

    /// <summary>Gets from when to when the pipeline, which claims, starts and ends attempts, has not been seen to take a turn.</summary>
    [Id(7)] public TimeSpan ExecutorDelay { get; init; }

    /// <summary>Gets how long the process stood still for garbage collection since the heartbeat before, all pauses together.</summary>
    [Id(8)] public TimeSpan GcPause { get; init; }

    /// <summary>Gets how much of the memory that the process may use is in use on its machine or in its container, between 0 and 1.</summary>
    [Id(9)] public double MemoryLoad { get; init; }

    /// <summary>Gets how many processor cores the process has kept busy since the heartbeat before.</summary>
    [Id(10)] public double BusyCores { get; init; }

    /// <summary>Gets how many slots the node may use while it is quarantined (0) or let back; null for all.</summary>
    [Id(11)] public int? SlotLimit { get; init; }

    /// <summary>Gets how attempts have ended on the node since it joined, by handler.</summary>
    [Id(12)] public IReadOnlyList<HandlerTally> Ended { get; init; } = [];

    /// <summary>Gets how many slots are held by hung handlers: they were told to stop, have not done so within the grace, and were given up on.</summary>
    [Id(13)] public int Hung { get; init; }
}
