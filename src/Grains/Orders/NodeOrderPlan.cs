namespace FaultTolerance.Grains.Orders;

/// <summary>Decides about orders, as a pure function: which stands when another is given, and what a node does about the one that stands.</summary>
internal static class NodeOrderPlan
{
    /// <summary>Returns the order that stands once another is given.</summary>
    /// <param name="standing">The order that stands; null where none was given yet.</param>
    /// <param name="given">The order that is given.</param>
    /// <remarks>Leaving cannot be taken back, only hastened. What an operator has ordered the detector does not change.</remarks>
    public static NodeOrder Merge(NodeOrder? standing, NodeOrder given)
    {
        if (standing is null || standing.Kind == NodeOrderKind.None)
        {
            return given;
        }

        if (IsLeaving(standing) && standing.Incarnation == given.Incarnation)
        {
            return IsLeaving(given) && IsSooner(given, standing) ? given with { IsPreemption = given.IsPreemption || standing.IsPreemption } : standing;
        }

        if (given.IsAutomatic && !standing.IsAutomatic && standing.Kind == NodeOrderKind.Quarantine)
        {
            return standing;
        }

        var isRepeat = given.Kind == standing.Kind && given.Kind == NodeOrderKind.Quarantine && given.IsAutomatic == standing.IsAutomatic && !given.IsAutomatic;
        return isRepeat ? standing : given;
    }

    /// <summary>Returns what a node is to do about the order that stands under its name.</summary>
    /// <param name="standing">The order; null for none.</param>
    /// <param name="self">The node's life.</param>
    /// <param name="phase">Where that life is.</param>
    /// <param name="now">The store's time.</param>
    public static NodeOrderKind? Decide(NodeOrder? standing, NodeIncarnation self, NodePhase phase, DateTimeOffset now)
    {
        var isQuarantine = standing?.Kind == NodeOrderKind.Quarantine && !(standing.EndsAt <= now);
        return (phase, standing) switch
        {
            (NodePhase.Alive or NodePhase.Quarantined or NodePhase.Draining, not null) when IsLeaving(standing) && standing.Incarnation == self => standing.Kind,
            (NodePhase.Alive, _) when isQuarantine => NodeOrderKind.Quarantine,
            (NodePhase.Quarantined, _) when !isQuarantine => NodeOrderKind.None,
            _ => null,
        };
    }

    private static bool IsLeaving(NodeOrder order) => order.Kind is NodeOrderKind.Drain or NodeOrderKind.Evict;

    private static bool IsSooner(NodeOrder given, NodeOrder standing) =>
        standing.Kind != NodeOrderKind.Evict && (given.Kind == NodeOrderKind.Evict || given.Deadline < (standing.Deadline ?? DateTimeOffset.MaxValue));
}
