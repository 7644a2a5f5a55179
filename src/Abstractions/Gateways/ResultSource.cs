namespace FaultTolerance.Gateways;

/// <summary>Which result an argument takes.</summary>
/// <param name="TaskId">The task that makes it.</param>
/// <param name="Index">Which element of its tuple; −1 for the whole result.</param>
[GenerateSerializer, Immutable, Alias("ft.ResultSource")]
public readonly record struct ResultSource([property: Id(0)] TaskId TaskId, [property: Id(1)] int Index);
