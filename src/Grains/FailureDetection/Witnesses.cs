using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Chooses who is to call a suspected node beside the detector's own silo, as a pure function.</summary>
internal static class Witnesses
{
    /// <summary>How many are asked: with the detector's silo three see the node before it is thought silent.</summary>
    public const int Limit = 2;

    /// <summary>Returns the next nodes after the suspected one, by incarnation and around: so that the questions about many are spread over all.</summary>
    /// <param name="suspected">The node that is suspected.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="self">The node that asks already.</param>
    /// <param name="isSuspected">Whether a node is suspected itself: its word would cost a time-out.</param>
    public static IReadOnlyList<KnownNode> Choose(
        NodeIncarnation suspected, IEnumerable<KnownNode> nodes, NodeIncarnation self, Predicate<NodeIncarnation> isSuspected) =>
    [
        .. nodes
            .Where(node => node.Row.Phase is NodePhase.Alive or NodePhase.Draining or NodePhase.Quarantined)
            .Where(node => node.Incarnation != suspected && node.Incarnation != self && !isSuspected(node.Incarnation))
            .OrderBy(node => node.Incarnation.CompareTo(suspected) < 0)
            .ThenBy(node => node.Incarnation)
            .Take(Limit),
    ];
}
