namespace FaultTolerance;

/// <summary>What a node is told to do. The numbers are stored and never change their meaning.</summary>
public enum NodeOrderKind : byte
{
    /// <summary>Nothing: an order that was given before is withdrawn.</summary>
    None = 0,

    /// <summary>To take no work, until it is released. Holds for all lives of the node: a restart does not end it.</summary>
    Quarantine = 1,

    /// <summary>To take no new work, to finish or hand over what runs, and to leave. Holds for one life.</summary>
    Drain = 2,

    /// <summary>To hand over what runs at once, and to leave. Holds for one life.</summary>
    Evict = 3,
}
