namespace FaultTolerance.Testing.Chaos;

/// <summary>A life of a node that a fault has struck, and what came of it.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Incarnation">The life.</param>
/// <param name="At">When it was struck, in the store's time.</param>
internal sealed record ChaosStrike(string Node, NodeIncarnation Incarnation, DateTimeOffset At)
{
    /// <summary>Gets how long it took until the death was recorded; null where none was.</summary>
    public TimeSpan? Detection { get; init; }
}
