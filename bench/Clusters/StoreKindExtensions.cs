namespace FaultTolerance.Bench.Clusters;

/// <summary>What stores are called.</summary>
internal static class StoreKindExtensions
{
    /// <summary>Returns the store's name for people.</summary>
    public static string Title(this StoreKind store) => store == StoreKind.Sqlite ? "SQLite" : "PostgreSQL";
}
