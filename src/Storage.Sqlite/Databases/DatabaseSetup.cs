using System.Globalization;
using FaultTolerance.Storage.Engines;
using SQLitePCL;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>Checks that a database can be used, makes or upgrades its tables, and reads its settings back.</summary>
internal static class DatabaseSetup
{
    // 3.7.0 to 3.51.2 may lose committed rows when a checkpoint and a commit race for a log that starts anew.
    private const int OldestVersion = 3_051_003;

    // Withdrawn by its authors.
    private const int WithdrawnVersion = 3_052_000;

    /// <summary>Checks that this system can run the store at all.</summary>
    /// <exception cref="StoreException">It cannot; the message names the remedy.</exception>
    public static void RequireSupported()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new StoreException(StoreFault.Unusable, "The SQLite store runs on Linux only. Use PostgreSQL on other systems.");
        }

        RequireVersion(Connection.Version.Text, Connection.Version.Number);
    }

    /// <summary>Refuses a version of SQLite that may lose committed rows, and one that its authors have withdrawn.</summary>
    public static void RequireVersion(string text, int number)
    {
        if (number < OldestVersion)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"SQLite {text} was loaded, which may lose committed rows. Deploy version 3.51.3 or newer (package SourceGear.sqlite3).");
        }

        if (number == WithdrawnVersion)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"SQLite {text} was loaded, which its authors have withdrawn. Deploy version 3.51.3, or 3.53.0 or newer (package SourceGear.sqlite3).");
        }
    }

    /// <summary>Makes the data folder where it is missing, and checks where it lies.</summary>
    /// <exception cref="StoreException">The folder cannot be used; the message names the remedy.</exception>
    public static void PrepareFolder(DatabaseFile file)
    {
        var folder = file.Folder;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"The data folder '{folder}' cannot be made ({e.Message}). Make it by hand, or choose another one.",
                e);
        }

        FileSystems.RequireLocal(folder, file.FileSystemOf(folder));
    }

    /// <summary>Prepares an opened database. Called under the file's lock, by each process and after each failure.</summary>
    public static StoreDescription Prepare(Connection connection, DatabaseFile file)
    {
        if (connection.IsReadOnly)
        {
            throw SqliteErrors.ToException(file.Path, raw.SQLITE_READONLY, "attempt to write a readonly database");
        }

        file.Schema.Check(connection);
        var mode = connection.ReadText("PRAGMA journal_mode = WAL");
        if (mode != "wal")
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"The database '{file.Path}' cannot keep a write-ahead log (its journal mode stays '{mode}'). Choose a folder on a local disk.");
        }

        file.Schema.Apply(connection);
        return Describe(connection, file);
    }

    private static StoreDescription Describe(Connection connection, DatabaseFile file) => new(
        $"SQLite {Connection.Version.Text}",
        file.Path,
        file.Schema.Version,
        new Dictionary<string, string>
        {
            ["journal_mode"] = connection.ReadText("PRAGMA journal_mode"),
            ["synchronous"] = connection.ReadLong("PRAGMA synchronous") == 2 ? "full" : "not full",
            ["wal_autocheckpoint"] = connection.ReadText("PRAGMA wal_autocheckpoint"),
            ["page_size"] = connection.ReadText("PRAGMA page_size"),
            ["cache_size_kib"] = (-connection.ReadLong("PRAGMA cache_size")).ToString(CultureInfo.InvariantCulture),
        })
    {
        IsOfOneMachine = true,
    };
}
