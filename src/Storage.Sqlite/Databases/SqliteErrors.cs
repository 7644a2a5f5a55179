using FaultTolerance.Storage.Engines;
using SQLitePCL;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>Turns SQLite's result codes into what a caller can act upon.</summary>
internal static class SqliteErrors
{
    /// <summary>Returns the exception for a result code.</summary>
    /// <param name="path">The database's path.</param>
    /// <param name="code">The extended result code.</param>
    /// <param name="detail">SQLite's own words.</param>
    public static StoreException ToException(string path, int code, string detail)
    {
        var (fault, remedy) = Classify(code);
        return new StoreException(fault, $"{Name(fault)} '{path}': {detail} (SQLite error {code}). {remedy}");
    }

    /// <summary>Returns what kind of failure a result code is, and what can be done about it.</summary>
    public static (StoreFault Fault, string Remedy) Classify(int code) => (code & 0xFF) switch
    {
        raw.SQLITE_FULL =>
            (StoreFault.Unreachable, "The disk is full: free some space; waiting writes go on by themselves."),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            (StoreFault.Unreachable, "Another program has the file locked: close it, for instance a database browser with an open transaction."),
        raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL =>
            (StoreFault.Unreachable, "The file could not be read or written: check the disk and the system's log."),
        raw.SQLITE_NOMEM or raw.SQLITE_INTERRUPT or raw.SQLITE_ABORT =>
            (StoreFault.Unreachable, "Try again."),
        raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE =>
            (StoreFault.Data, "The row cannot be stored as it is."),
        raw.SQLITE_CORRUPT =>
            (StoreFault.Unusable, "The file is damaged: stop all silos and restore it from a copy, or recover it with 'sqlite3 <file> .recover'."),
        raw.SQLITE_NOTADB =>
            (StoreFault.Unusable, "The file is not a database: choose another data folder, or move the file away."),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
            (StoreFault.Unusable, "The file cannot be written: give the account of this process write access to it and to its folder."),
        _ =>
            (StoreFault.Unusable, "The database does not have the expected form, or the statement is at fault."),
    };

    private static string Name(StoreFault fault) => fault switch
    {
        StoreFault.Data => "A row was refused by database",
        StoreFault.Unusable => "Cannot use database",
        _ => "Cannot reach database",
    };
}
