namespace FaultTolerance.Gateways;

/// <summary>One argument of a call, in the order of the handler's parameters without those that the node fills in.</summary>
[GenerateSerializer, Immutable, Alias("ft.TaskArgument")]
public sealed record TaskArgument
{
    /// <summary>Gets what the argument consists of.</summary>
    [Id(0)] public ArgumentKind Kind { get; init; }

    /// <summary>Gets the serialized value, for <see cref="ArgumentKind.Value"/>.</summary>
    [Id(1)] public byte[] Value { get; init; } = [];

    /// <summary>Gets the results taken, for the other kinds.</summary>
    [Id(2)] public IReadOnlyList<ResultSource> Sources { get; init; } = [];
}
