namespace FaultTolerance.Grains.FailureDetection;

/// <summary>Asks other nodes whether a node that refuses this one's connections is gone for them, too.</summary>
internal interface IRefusalWitnesses
{
    /// <summary>Asks.</summary>
    /// <returns>The name of one that is refused as well, or sees the process gone; null when there is none. Never an exception.</returns>
    Task<string?> FindAsync(NodeInfo node);
}
