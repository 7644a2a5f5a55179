using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Chaos;

/// <summary>What a chaos run is asked to do.</summary>
internal sealed record ChaosOptions
{
    public const int MaxFaults = 100_000;
    public const int MaxSilos = 32;

    public int Faults { get; init; } = 20;

    public int Silos { get; init; } = 3;

    public StoreKind Store { get; init; } = StoreKind.Sqlite;

    /// <summary>Gets the connection string of the PostgreSQL database; a server of its own is started when null. Never shown.</summary>
    public string? Connection { get; init; }

    public NodeProfile Profile { get; init; } = NodeProfile.Balanced;

    /// <summary>Gets the kinds of faults to choose from; all that are possible when empty.</summary>
    public IReadOnlyList<ChaosKind> Kinds { get; init; } = [];

    /// <summary>Gets the number that decides what is left to chance; one is drawn and shown when null.</summary>
    public int? Seed { get; init; }

    /// <summary>Gets the folder of the running local cluster to which faults are done; a cluster of its own is started when null.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets a value indicating whether data and logs are kept after a run that went right. After any other they always are.</summary>
    public bool Keep { get; init; }

    public bool Json { get; init; }
}
