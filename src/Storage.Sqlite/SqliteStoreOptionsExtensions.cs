using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Databases;

namespace FaultTolerance.Storage.Sqlite;

internal static class SqliteStoreOptionsExtensions
{
    /// <summary>A thread that waits inside the lock wakes each third of a second at least: from one look to the next it must have had the time.</summary>
    private static readonly TimeSpan ShortestHolderTimeout = TimeSpan.FromSeconds(0.5);

    /// <summary>Returns one of the store's two databases.</summary>
    /// <param name="options">The options.</param>
    /// <param name="name">Its name.</param>
    /// <param name="schema">Its tables.</param>
    /// <param name="limit">For how long writes may be held up; for as long as the options say when omitted.</param>
    public static DatabaseFile ToFile(this SqliteStoreOptions options, string name, Schema schema, HoldUpLimit? limit = null) => new(
        Path.GetFullPath(options.Folder),
        name,
        schema,
        options.CacheMegabytes * 1024,
        (long)options.CheckpointMegabytes << 20,
        limit?.Longest < options.HolderTimeout ? Longer(limit.Longest, ShortestHolderTimeout) : options.HolderTimeout);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
