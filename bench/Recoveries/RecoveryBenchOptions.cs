using FaultTolerance.Bench.Clusters;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>What the bench of recovery was asked for.</summary>
internal sealed record RecoveryBenchOptions
{
    /// <summary>How many silos each cluster has: the fewest of which two are left.</summary>
    public const int Silos = 3;

    /// <summary>The most kills, and the most freezes.</summary>
    public const int MaxStrikes = 1_000;

    /// <summary>The most attempts that a silo runs when it is struck.</summary>
    public const int MaxAttempts = 1_000;

    /// <summary>How often Orleans with its default options is frozen at the most: it takes two minutes each time.</summary>
    public const int MaxDefaultFreezes = 2;

    /// <summary>Gets the profiles; all by default.</summary>
    public IReadOnlyList<NodeProfile> Profiles { get; init; } = [NodeProfile.Fast, NodeProfile.Balanced, NodeProfile.Cloud];

    /// <summary>Gets the stores; SQLite alone by default.</summary>
    public IReadOnlyList<StoreKind> Stores { get; init; } = [StoreKind.Sqlite];

    /// <summary>Gets how often a silo of each cluster is killed.</summary>
    public int Kills { get; init; } = 50;

    /// <summary>Gets how often a silo of each cluster is frozen. Each takes a lease.</summary>
    public int Freezes { get; init; } = 10;

    /// <summary>Gets how many attempts a silo runs when it is struck, at least.</summary>
    public int Attempts { get; init; } = 20;

    /// <summary>Gets a value indicating whether to print one JSON object instead of tables.</summary>
    public bool Json { get; init; }
}
