namespace FaultTolerance.Cli.Clusters;

/// <summary>What a local cluster consists of, as its folder keeps it from one start to the next (<c>cluster.json</c>).</summary>
internal sealed record ClusterSpec
{
    public StoreKind Store { get; init; } = StoreKind.Sqlite;

    /// <summary>Gets the PostgreSQL connection string. The file that holds it can be read by its owner only.</summary>
    public string? Connection { get; init; }

    /// <summary>Gets the PostgreSQL schema: one of the cluster's own, so that two folders may name one database.</summary>
    public string? Schema { get; init; }

    /// <summary>Gets the folder of the handler assemblies; those beside <c>ft</c> when null.</summary>
    public string? Handlers { get; init; }

    /// <summary>Gets the silos and their ports. Those beyond <see cref="Silos"/> are kept for a later start with more silos.</summary>
    public IReadOnlyList<SiloPorts> Ports { get; init; } = [];

    public int Silos { get; init; } = 3;
}
