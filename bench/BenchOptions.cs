namespace FaultTolerance.Bench;

/// <summary>What the bench was asked for.</summary>
internal sealed record BenchOptions
{
    /// <summary>The most silos a cluster may have here.</summary>
    public const int MaxSilos = 9;

    /// <summary>The most rounds.</summary>
    public const int MaxRounds = 100;

    /// <summary>Gets what the names of the rows to run start with; all when empty.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Gets how many silos each cluster has.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>Gets how many rounds are counted.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Gets a value indicating whether only to see that all rows run: one short round, whose figures mean nothing.</summary>
    public bool Quick { get; init; }

    /// <summary>Gets a value indicating whether to print one JSON object instead of tables.</summary>
    public bool Json { get; init; }
}
