namespace FaultTolerance.Testing.Simulation;

/// <summary>A life that a node knows of, and its process while that is there.</summary>
internal readonly record struct PeerToAsk(string Name, NodeIncarnation Incarnation, SimulatedNode? Process);
