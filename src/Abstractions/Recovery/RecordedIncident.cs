namespace FaultTolerance;

/// <summary>An incident with its place in the order of their records.</summary>
/// <param name="RecordedAt">When the store recorded it, which never changes.</param>
/// <param name="Incident">The incident as it is now.</param>
[GenerateSerializer, Immutable, Alias("ft.RecordedIncident")]
public sealed record RecordedIncident([property: Id(0)] DateTimeOffset RecordedAt, [property: Id(1)] IncidentSnapshot Incident);
