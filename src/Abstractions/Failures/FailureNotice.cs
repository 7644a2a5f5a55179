namespace FaultTolerance;

/// <summary>A failure that a reader is told of.</summary>
/// <param name="Incident">The failure, as it was when it was read.</param>
/// <param name="Position">Where to go on after it. Keep it when the failure is dealt with.</param>
public sealed record FailureNotice(IncidentSnapshot Incident, FailurePosition Position);
