namespace FaultTolerance.Bench.Clusters;

/// <summary>Which store.</summary>
internal enum StoreKind
{
    /// <summary>In SQLite databases in a folder of this machine.</summary>
    Sqlite,

    /// <summary>In a schema of a PostgreSQL database.</summary>
    Postgres,
}
