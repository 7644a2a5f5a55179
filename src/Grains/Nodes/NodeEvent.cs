namespace FaultTolerance.Grains.Nodes;

/// <summary>Something that happened to one life of a node.</summary>
internal abstract record NodeEvent;

/// <summary>The node's silo is active: the node takes work.</summary>
internal sealed record NodeActivated : NodeEvent;

/// <summary>The node was silent for longer than usual. Advice: it changes what is shown, not what is stored.</summary>
internal sealed record NodeSuspected : NodeEvent;

/// <summary>The node's pipeline has answered a call: it works. A connection that was accepted is no such proof.</summary>
internal sealed record NodeVerified : NodeEvent;

/// <summary>What the node runs fails: it is to get no more work.</summary>
internal sealed record QuarantineOrdered : NodeEvent;

/// <summary>The node may have work again.</summary>
internal sealed record QuarantineLifted : NodeEvent;

/// <summary>The node is to leave in order.</summary>
internal sealed record DrainOrdered : NodeEvent;

/// <summary>The node has nothing left to do and is gone, by its own word.</summary>
internal sealed record NodeDeparted : NodeEvent;

/// <summary>The node's lease has ended, or its process is proved gone, and the store has recorded it.</summary>
internal sealed record NodeDied : NodeEvent;
