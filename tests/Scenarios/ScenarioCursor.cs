namespace FaultTolerance.Scenarios.Tests;

/// <summary>How far a handler has come.</summary>
[GenerateSerializer, Alias("scenario.Cursor")]
public sealed record ScenarioCursor([property: Id(0)] string Unit, [property: Id(1)] long Position);
