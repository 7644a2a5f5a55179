namespace FaultTolerance.Grains.FailureDetection;

/// <summary>A node that has just become suspect.</summary>
/// <param name="Node">The life of the node.</param>
/// <param name="Reason">Why, in a sentence.</param>
internal readonly record struct Suspicion(NodeIncarnation Node, string Reason);
