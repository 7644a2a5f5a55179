namespace FaultTolerance.Grains.Nodes;

/// <summary>One attempt of one task.</summary>
[GenerateSerializer, Immutable, Alias("ft.AttemptName")]
internal readonly record struct AttemptName([property: Id(0)] TaskId Task, [property: Id(1)] int Attempt);
