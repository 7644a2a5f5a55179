namespace FaultTolerance.Grains.Nodes;

/// <summary>What came of asking one peer.</summary>
/// <param name="Node">The peer's name.</param>
/// <param name="Standing">What it is to the node that asked.</param>
internal readonly record struct PeerWord(string Node, PeerStanding Standing);
