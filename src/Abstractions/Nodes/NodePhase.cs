namespace FaultTolerance;

/// <summary>Where one life of a node is. The numbers are stored and never change their meaning.</summary>
public enum NodePhase : byte
{
    /// <summary>Registered, not yet taking work. May become alive, left or dead.</summary>
    Joining = 0,

    /// <summary>Takes work. May become suspected, quarantined, draining, left or dead.</summary>
    Alive = 1,

    /// <summary>Silent for longer than usual, being verified. May become alive again, or dead. Advice, never stored.</summary>
    Suspected = 2,

    /// <summary>Alive but kept from work, because what it runs fails. May become alive, draining, left or dead.</summary>
    Quarantined = 3,

    /// <summary>Leaving in order: takes no new work. May become left or dead.</summary>
    Draining = 4,

    /// <summary>Final: left in order, with nothing left to do.</summary>
    Left = 5,

    /// <summary>Final: declared dead; its work is recovered elsewhere.</summary>
    Dead = 6,
}
