namespace FaultTolerance.Grains.Nodes;

/// <summary>Shows nodes to others.</summary>
internal static class NodeSnapshots
{
    public static NodeSnapshot Of(KnownNode node, bool isSuspected = false, NodeHeartbeat? heartbeat = null) => new()
    {
        Info = node.Info,
        Phase = new NodeState(node.Row.Phase, isSuspected).Shown,
        JoinedAt = node.Row.Joined,
        LeaseEndsAt = node.Row.LeaseEnds,
        EndedAt = node.Row.Ended,
        Heartbeat = heartbeat,
        RecoveredAt = node.Row.Recovered,
    };
}
