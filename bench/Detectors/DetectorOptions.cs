namespace FaultTolerance.Bench.Detectors;

/// <summary>What the bench of the failure detector was asked for.</summary>
internal sealed record DetectorOptions
{
    /// <summary>The most nodes that are simulated.</summary>
    public const int MaxNodes = 100_000;

    /// <summary>Gets how many nodes are simulated, one measurement for each figure.</summary>
    public IReadOnlyList<int> Nodes { get; init; } = [10, 100, 1_000, 10_000];

    /// <summary>Gets a value indicating whether only to see that it runs: short measurements, whose figures mean nothing.</summary>
    public bool Quick { get; init; }

    /// <summary>Gets a value indicating whether to print one JSON object instead of a table.</summary>
    public bool Json { get; init; }
}
