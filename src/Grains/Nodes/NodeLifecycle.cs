using System.Diagnostics;

namespace FaultTolerance.Grains.Nodes;

/// <summary>One life of a node, as a pure function: a state and an event go in, what becomes of the node comes out.</summary>
/// <remarks>
/// <para>Joining → alive ⇄ quarantined → draining → left, and dead from anywhere before that. Left and dead are final: a node
/// that comes back is a new life with an incarnation of its own.</para>
/// <para>Whether a node is dead is not decided here. The store decides, by a conditional write that succeeds only when the
/// lease has ended or the process is proved gone; <see cref="NodeDied"/> says that it has.</para>
/// </remarks>
internal static class NodeLifecycle
{
    public static NodeTransition Apply(NodeState state, NodeEvent happened)
    {
        if (state.IsEnded)
        {
            return new(state, NodeVerdict.Ended);
        }

        return happened switch
        {
            NodeActivated => state.Phase == NodePhase.Joining ? Become(state, NodePhase.Alive) : Stay(state),
            NodeSuspected => state.IsSuspected ? Stay(state) : new(state with { IsSuspected = true }, NodeVerdict.Changed),
            NodeVerified => state.IsSuspected ? new(state with { IsSuspected = false }, NodeVerdict.Changed) : Stay(state),
            QuarantineOrdered => Quarantine(state),
            QuarantineLifted => state.Phase == NodePhase.Quarantined ? Become(state, NodePhase.Alive) : Stay(state),
            DrainOrdered => Drain(state),
            NodeDeparted => End(NodePhase.Left),
            NodeDied => End(NodePhase.Dead),
            _ => throw new UnreachableException($"A node that is {state.Phase} has no answer to {happened.GetType().Name}."),
        };
    }

    private static NodeTransition Quarantine(NodeState state) => state.Phase switch
    {
        NodePhase.Joining => new(state, NodeVerdict.TooEarly),
        NodePhase.Alive => Become(state, NodePhase.Quarantined),
        _ => Stay(state), // a node that is draining gets no work as it is
    };

    private static NodeTransition Drain(NodeState state) => state.Phase switch
    {
        NodePhase.Joining => End(NodePhase.Left), // it owns nothing yet
        NodePhase.Draining => Stay(state),
        _ => Become(state, NodePhase.Draining),
    };

    private static NodeTransition Become(NodeState state, NodePhase phase) => new(state with { Phase = phase }, NodeVerdict.Changed);

    private static NodeTransition Stay(NodeState state) => new(state, NodeVerdict.AlreadySo);

    private static NodeTransition End(NodePhase phase) => new(new NodeState(phase), NodeVerdict.Changed);
}
