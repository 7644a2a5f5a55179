using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Nodes;

namespace FaultTolerance.Grains.FailureDetection;

/// <summary>The decision that a life of a node is to end, for the store to carry out or refuse.</summary>
/// <param name="Node">The node.</param>
/// <param name="IsProvedGone">Whether its process is proved gone: then its lease need not be waited for.</param>
/// <param name="Evidence">On what grounds.</param>
internal sealed record DeathSentence(KnownNode Node, bool IsProvedGone, string Evidence)
{
    /// <summary>What the death is to the attempts that the node ran.</summary>
    public FailureKind Kind => Node.Record is { IsHandingOver: true, IsPreempted: true } ? FailureKind.Preempted
        : IsProvedGone ? FailureKind.Crash
        : FailureKind.NodeLost;

    public NodeEnd ToEnd() => new() { Incarnation = Node.Incarnation, Phase = NodePhase.Dead, IsProvedGone = IsProvedGone };
}
