using System.Runtime.InteropServices;
using FaultTolerance.Storage.Sqlite;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Sqlite.Engine;
using FaultTolerance.Storage.Sqlite.Locks;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Storage.Writer;

/// <summary>A process that goes still inside a write, with a lock held and a row half written.</summary>
internal static partial class InsideWrite
{
    private const int SignalStop = 19;

    public static Task EnterAsync(string engine, string location, bool stops) => engine switch
    {
        "sqlite" => EnterSqliteAsync(location, () => GoStill(stops)),
        "postgres" => PostgresInsideWrite.EnterAsync(location, () => GoStill(stops)),
        _ => throw new ArgumentException($"There is no engine '{engine}'."),
    };

    /// <summary>Stops with SQLite's lock held and nothing in its file: between taking it and signing, or between blanking the record and giving it back.</summary>
    public static void StopUnsigned(string folder)
    {
        var path = Path.Combine(folder, "store.lock");
        using var held = new FileLock(path);
        held.Acquire();
        var descriptor = NativeMethods.Open(path, NativeMethods.OpenReadWriteCreateCloseOnExec, 0);
        NativeMethods.Write(descriptor, new byte[LockHolder.ByteLength], LockHolder.ByteLength, 0);
        GoStill(stops: true);
    }

    /// <summary>
    /// Stops as a reader that makes the index of SQLite's log anew, because one that was killed left it half written: it holds SQLite's
    /// write lock, and no lock of ours.
    /// </summary>
    public static void StopRecovering(string folder)
    {
        SQLitePCL.Batteries_V2.Init();
        SQLitePCL.raw.sqlite3_shutdown();
        SQLitePCL.raw.sqlite3_config_log(StopOnRecovery, null);
        var path = Path.Combine(folder, "store.db");
        using (var index = new FileStream(path + "-shm", FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            index.Write(new byte[8]); // the first of the header's two copies no longer is like the second
        }

        using var reader = Connection.OpenReader(path);
        reader.ReadLong("SELECT count(*) FROM states");
    }

    private static void StopOnRecovery(object context, int code, SQLitePCL.utf8z message)
    {
        const int Recovered = 283; // SQLITE_NOTICE_RECOVER_WAL, said with the locks still held
        if (code == Recovered)
        {
            GoStill(stops: true);
        }
    }

    private static async Task EnterSqliteAsync(string folder, Func<bool> goStill)
    {
        var file = new SqliteStoreOptions { Folder = folder }.ToFile("store", StoreSchema.Current);
        await using var database = new SharedDatabase(file, readThreads: 1, TimeProvider.System, NullLogger.Instance);
        await database.OpenAsync(CancellationToken.None);
        await database.WriteAsync(
            connection =>
            {
                connection.Prepare("INSERT INTO states (key, token, state) VALUES ('of the frozen', 1, NULL)").Run();
                return goStill();
            },
            CancellationToken.None);
    }

    private static bool GoStill(bool stops)
    {
        using var never = new ManualResetEventSlim();
        Console.Out.WriteLine("inside");
        var failed = stops && Kill(Environment.ProcessId, SignalStop) != 0;
        never.Wait();
        return failed;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
