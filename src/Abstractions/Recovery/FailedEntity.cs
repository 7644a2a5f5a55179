using System.Diagnostics.CodeAnalysis;

namespace FaultTolerance;

/// <summary>What kind of thing failed. Open: a record of a newer version may hold a number that has no name here; it is shown and kept as it is.</summary>
public enum FailedEntity
{
    /// <summary>The record cannot be read by this version. What it says is kept in the store.</summary>
    Unknown = -1,

    /// <summary>A node: its life ended without order.</summary>
    Node = 0,

    /// <summary>An attempt of a task ran past one of its limits in time.</summary>
    Task = 1,

    /// <summary>An actor.</summary>
    Actor = 2,

    /// <summary>An object: its bytes are lost.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "It is the project's word for a value that a task made.")]
    Object = 3,

    /// <summary>The store could not be reached.</summary>
    Storage = 4,
}
