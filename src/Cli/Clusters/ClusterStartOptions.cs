namespace FaultTolerance.Cli.Clusters;

/// <summary>What <c>ft cluster start</c> is asked for. What is null stays as the folder has it, or is the default in a new one.</summary>
internal sealed record ClusterStartOptions
{
    public const int MaxSilos = 32;

    public required string Folder { get; init; }

    public int? Silos { get; init; }

    public StoreKind? Store { get; init; }

    /// <summary>Gets the PostgreSQL connection string. Never shown.</summary>
    public string? Connection { get; init; }

    public string? Schema { get; init; }

    public string? Handlers { get; init; }

    /// <summary>Gets a value indicating whether silos get other ports than they had.</summary>
    public bool NewPorts { get; init; }

    public bool Foreground { get; init; }

    public bool Json { get; init; }
}
