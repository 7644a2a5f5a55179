using SQLitePCL;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>Copies the write-ahead log into the database when it has grown. Called after a commit, under the lock.</summary>
/// <remarks>
/// The ordinary way waits for nobody; but the log starts anew only at a moment when nobody reads from it, and there may be none.
/// At four times the size the writer therefore waits for readers, for as long as SQLite's busy timeout, and if that was in vain
/// not again before the log has grown by as much once more.
/// </remarks>
internal sealed class Checkpoints
{
    private const int CountOnly = -1; // SQLITE_CHECKPOINT_NOOP, since 3.51.0
    private const int WaitFactor = 4;

    private readonly long _limit;
    private long _waitAt;

    public Checkpoints(long bytes, long pageSize)
    {
        _limit = Math.Max(1, bytes / pageSize);
        _waitAt = _limit * WaitFactor;
    }

    /// <summary>Copies the log if it is longer than it may be.</summary>
    public void AfterCommit(Connection connection)
    {
        var (pages, copied) = connection.Checkpoint(CountOnly);
        if (pages - copied >= _limit)
        {
            (pages, _) = connection.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
        }

        if (pages >= _waitAt)
        {
            (pages, _) = connection.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
            _waitAt = Math.Max(0, pages) + (_limit * WaitFactor);
        }
    }

    /// <summary>Empties the log, if nobody else uses it.</summary>
    public static void AtEnd(Connection connection) => connection.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
}
