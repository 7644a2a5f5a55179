namespace FaultTolerance;

/// <summary>One thing that was done about an incident.</summary>
/// <param name="At">When, in the store's time.</param>
/// <param name="What">What, in a few words, for instance <c>attempts moved: 12</c>.</param>
/// <param name="By">Who did it, by node name.</param>
[GenerateSerializer, Immutable, Alias("ft.IncidentAction")]
public sealed record IncidentAction([property: Id(0)] DateTimeOffset At, [property: Id(1)] string What, [property: Id(2)] string By);
