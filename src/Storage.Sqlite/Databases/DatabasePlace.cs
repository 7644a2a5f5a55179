using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Locks;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>Sees to it that the path of a database still leads to the file that this process has opened.</summary>
/// <remarks>
/// A file that was moved away or deleted goes on taking what an open connection writes. Whoever opens the path next finds another store, or
/// makes a new one, with a lock of its own: what the first then acknowledges, nobody else would ever see.
/// </remarks>
internal sealed class DatabasePlace(DatabaseFile file)
{
    private readonly Lock _gate = new();
    private FileIdentity? _database;

    /// <summary>Remembers the file that the path leads to, the first time. Called under the lock by whoever has opened it.</summary>
    public void Remember()
    {
        lock (_gate)
        {
            _database ??= FileIdentity.Of(file.Path);
        }
    }

    /// <summary>Refuses to go on when the path leads elsewhere. It costs one look at the folder.</summary>
    /// <exception cref="StoreException">The database was moved, replaced or deleted.</exception>
    public void Check()
    {
        lock (_gate)
        {
            if (_database is { } opened && FileIdentity.Of(file.Path) != opened)
            {
                throw Moved(file, file.Path);
            }
        }
    }

    /// <summary>Returns what callers are told.</summary>
    /// <param name="file">The database.</param>
    /// <param name="path">The path that leads elsewhere.</param>
    public static StoreException Moved(DatabaseFile file, string path) => new(
        StoreFault.Unusable,
        $"The data folder '{file.Folder}' was moved or replaced while it was in use: '{path}' is not the file that this process has opened. " +
        "Stop all silos and put it back; nothing is written until then.");
}
