namespace FaultTolerance.Cli.Clusters;

/// <summary>Where a cluster keeps its data.</summary>
internal enum StoreKind
{
    /// <summary>In SQLite databases in a folder of this machine.</summary>
    Sqlite,

    /// <summary>In a PostgreSQL database.</summary>
    Postgres,
}
