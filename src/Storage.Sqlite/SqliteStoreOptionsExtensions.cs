using FaultTolerance.Storage.Sqlite.Databases;

namespace FaultTolerance.Storage.Sqlite;

internal static class SqliteStoreOptionsExtensions
{
    /// <summary>Returns one of the store's two databases.</summary>
    public static DatabaseFile ToFile(this SqliteStoreOptions options, string name, Schema schema) => new(
        Path.GetFullPath(options.Folder),
        name,
        schema,
        options.CacheMegabytes * 1024,
        (long)options.CheckpointMegabytes << 20,
        options.HolderTimeout);
}
