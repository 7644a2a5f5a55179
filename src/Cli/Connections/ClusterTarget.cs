using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli.Connections;

/// <summary>Which cluster a command speaks to: the one of a folder, or one whose store is named.</summary>
internal sealed record ClusterTarget
{
    /// <summary>Gets the folder of a local cluster; the default one when null, unless a store is named.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets the store of a deployed cluster; null for the cluster of a folder.</summary>
    public StoreKind? Store { get; init; }

    /// <summary>Gets the PostgreSQL connection string, which is never shown, or the SQLite data folder of a deployed cluster.</summary>
    public string? Connection { get; init; }

    /// <summary>Gets the PostgreSQL schema of a deployed cluster; the host's default when null.</summary>
    public string? Schema { get; init; }

    public string ClusterId { get; init; } = SiloHostProgram.ClusterName;

    public string ServiceId { get; init; } = SiloHostProgram.ClusterName;

    /// <summary>Gets how long to wait for the cluster's answers, all in all for each of them.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
