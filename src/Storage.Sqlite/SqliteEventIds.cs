namespace FaultTolerance.Storage.Sqlite;

/// <summary>The ids of this engine's log events, beside those of the store above it.</summary>
internal static class SqliteEventIds
{
    // The lock: 1100
    public const int LockWaitedFor = 1100;
    public const int LockHolderEnded = 1101;
    public const int LockHolderNotEnded = 1102;
    public const int LockHolderUnknown = 1103;
    public const int LockNotReleased = 1104;

    // Databases: 1120
    public const int DatabaseOpened = 1120;
    public const int DatabaseNotClosed = 1121;
    public const int CheckpointFailed = 1122;
}
