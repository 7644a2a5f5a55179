namespace FaultTolerance.Grains.Recovery;

/// <summary>An owner whose attempts somebody else has to bring on their way.</summary>
/// <param name="Incarnation">The life of the node.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Waiting">The attempts of which its last word was that they had not started.</param>
/// <param name="Verdict">Why its attempts are to fail, whatever became of it; null when they are to be recovered.</param>
internal sealed record LostOwner(NodeIncarnation Incarnation, string Node, OwnerFate Fate, IReadOnlySet<TaskId> Waiting, TaskFailure? Verdict = null);
