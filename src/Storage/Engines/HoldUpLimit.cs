namespace FaultTolerance.Storage.Engines;

/// <summary>For how long another process may hold up this one's writes, before an engine that can end it is to do so: any longer would cost nodes their leases.</summary>
/// <remarks>Whoever keeps leases in the store registers one; an engine without one goes by its own options.</remarks>
/// <param name="Longest">The longest time.</param>
public sealed record HoldUpLimit(TimeSpan Longest);
