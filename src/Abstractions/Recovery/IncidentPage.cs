namespace FaultTolerance;

/// <summary>One page of incidents in the order of their records, oldest first.</summary>
/// <param name="Incidents">The incidents.</param>
/// <param name="SettledAt">The time up to which the order is settled: nothing that was recorded before it can still appear. What is newer may come in any order.</param>
/// <param name="HasMore">Whether more were there than the limit lets through.</param>
[GenerateSerializer, Immutable, Alias("ft.IncidentPage")]
public sealed record IncidentPage(
    [property: Id(0)] IReadOnlyList<RecordedIncident> Incidents, [property: Id(1)] DateTimeOffset SettledAt, [property: Id(2)] bool HasMore);
