namespace FaultTolerance.Grains.Nodes;

/// <summary>Shows nodes to others.</summary>
internal static class NodeSnapshots
{
    public static NodeSnapshot Of(KnownNode node, DateTimeOffset now, bool isSuspected = false, NodeHeartbeat? heartbeat = null, TimeSpan? silence = null) => new()
    {
        Info = node.Info,
        Phase = new NodeState(node.Row.Phase, isSuspected).Shown,
        JoinedAt = node.Row.Joined,
        LeaseEndsAt = node.Row.LeaseEnds,
        EndedAt = node.Row.Ended,
        Heartbeat = heartbeat,
        RecoveredAt = node.Row.Recovered,
        HeardAt = now - silence,
        SeenAt = now,
    };
}
