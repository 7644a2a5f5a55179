namespace FaultTolerance.Grains.Nodes;

/// <summary>What an event meant to one life of a node.</summary>
internal enum NodeVerdict
{
    /// <summary>The node changes.</summary>
    Changed,

    /// <summary>The node is so already, or is past it: nothing changes.</summary>
    AlreadySo,

    /// <summary>The node has not joined yet, and can be asked this only then: nothing changes.</summary>
    TooEarly,

    /// <summary>This life is over: nothing changes it any more.</summary>
    Ended,
}
