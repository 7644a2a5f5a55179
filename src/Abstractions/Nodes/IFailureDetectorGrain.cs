using Orleans.Concurrency;

namespace FaultTolerance;

/// <summary>Hears the nodes' heartbeats and says which nodes look dead. There is one, with key 0.</summary>
/// <remarks>
/// What it says is advice: a node is dead when a conditional write to its row says so, which any silo may make. A detector
/// that has just started condemns nobody whom it could not have heard.
/// </remarks>
[Alias("ft.IFailureDetectorGrain")]
public interface IFailureDetectorGrain : IGrainWithIntegerKey
{
    /// <summary>Takes a heartbeat. A repeat, or one older than the newest, changes nothing.</summary>
    [Alias("Heartbeat"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    Task HeartbeatAsync(NodeHeartbeat heartbeat);

    /// <summary>Takes a hint that a node looks dead, for instance a broken connection, and looks into it at once.</summary>
    [Alias("Suspect"), AlwaysInterleave, ResponseTimeout("00:00:02")]
    Task SuspectAsync(NodeIncarnation node, string reason);

    /// <summary>Returns the nodes that the store knows, with what the detector thinks of them: at most 1,000 lives, those that have not ended first and then the newest.</summary>
    [Alias("GetNodes"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<IReadOnlyList<NodeSnapshot>> GetNodesAsync();
}
