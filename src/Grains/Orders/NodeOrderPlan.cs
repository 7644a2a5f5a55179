namespace FaultTolerance.Grains.Orders;

/// <summary>Decides about orders, as a pure function: which stands when another is given, and what a node does about the one that stands.</summary>
internal static class NodeOrderPlan
{
    /// <summary>Returns the order that stands once another is given.</summary>
    /// <param name="standing">The order that stands; null where none was given yet.</param>
    /// <param name="given">The order that is given.</param>
    /// <remarks>Leaving cannot be taken back, only hastened; a repeat changes nothing. What an operator has ordered the detector does not change.</remarks>
    public static NodeOrder Merge(NodeOrder? standing, NodeOrder given)
    {
        if (standing is null || standing.Kind == NodeOrderKind.None)
        {
            return standing is not null && given.Kind == NodeOrderKind.None ? standing : given;
        }

        if (IsLeaving(standing) && standing.Incarnation == given.Incarnation)
        {
            return IsLeaving(given) ? Hasten(standing, given) : standing;
        }

        if (IsLeaving(given))
        {
            return given with { Beneath = Quarantine(standing) };
        }

        return given.Kind == NodeOrderKind.Quarantine && Quarantine(standing) is { } former && Outlasts(former, given) ? former : given;
    }

    /// <summary>Returns what a node is to do about the order that stands under its name.</summary>
    /// <param name="standing">The order; null for none.</param>
    /// <param name="self">The node's life.</param>
    /// <param name="phase">Where that life is.</param>
    /// <param name="now">The store's time.</param>
    public static NodeOrderKind? Decide(NodeOrder? standing, NodeIncarnation self, NodePhase phase, DateTimeOffset now)
    {
        var isQuarantine = standing is not null && Quarantine(standing) is { } quarantine && !(quarantine.EndsAt <= now);
        return (phase, standing) switch
        {
            (NodePhase.Alive or NodePhase.Quarantined or NodePhase.Draining, not null) when IsLeaving(standing) && standing.Incarnation == self => standing.Kind,
            (NodePhase.Alive, _) when isQuarantine => NodeOrderKind.Quarantine,
            (NodePhase.Quarantined, _) when !isQuarantine => NodeOrderKind.None,
            _ => null,
        };
    }

    /// <summary>Returns the quarantine that stands, also beneath an order to leave; null for none.</summary>
    private static NodeOrder? Quarantine(NodeOrder standing) => standing.Kind == NodeOrderKind.Quarantine ? standing : standing.Beneath;

    /// <summary>Whether a quarantine stands when another one is given: an operator's does, and the detector's while it lasts, unless an operator gives his.</summary>
    private static bool Outlasts(NodeOrder standing, NodeOrder given) =>
        !standing.IsAutomatic || (given.IsAutomatic && standing.Incarnation == given.Incarnation && standing.EndsAt > given.At);

    private static NodeOrder Hasten(NodeOrder standing, NodeOrder given)
    {
        var order = IsSooner(given, standing) ? given with { Beneath = standing.Beneath } : standing;
        return order with { IsPreemption = given.IsPreemption || standing.IsPreemption };
    }

    private static bool IsLeaving(NodeOrder order) => order.Kind is NodeOrderKind.Drain or NodeOrderKind.Evict;

    private static bool IsSooner(NodeOrder given, NodeOrder standing) =>
        standing.Kind != NodeOrderKind.Evict && (given.Kind == NodeOrderKind.Evict || given.Deadline < standing.Deadline);
}
