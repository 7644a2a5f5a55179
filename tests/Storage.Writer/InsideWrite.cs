using System.Runtime.InteropServices;
using FaultTolerance.Storage.Sqlite;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Sqlite.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Storage.Writer;

/// <summary>A process that goes still inside a write to an SQLite store, with the lock held and a row half written.</summary>
internal static partial class InsideWrite
{
    private const int SignalStop = 19;

    public static async Task EnterAsync(string folder, bool stops)
    {
        var file = new SqliteStoreOptions { Folder = folder }.ToFile("store", StoreSchema.Current);
        await using var database = new SharedDatabase(file, readThreads: 1, TimeProvider.System, NullLogger.Instance);
        await database.OpenAsync(CancellationToken.None);
        using var never = new ManualResetEventSlim();
        await database.WriteAsync(
            connection =>
            {
                connection.Prepare("INSERT INTO states (key, token, state) VALUES ('of the frozen', 1, NULL)").Run();
                Console.Out.WriteLine("inside");
                var failed = stops && Kill(Environment.ProcessId, SignalStop) != 0;
                never.Wait();
                return failed;
            },
            CancellationToken.None);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
