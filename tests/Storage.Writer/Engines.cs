using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.PostgreSql;
using FaultTolerance.Storage.Sqlite;
using FaultTolerance.Storage.Sqlite.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.Writer;

/// <summary>The engines by their names. SQLite's log is copied often, so that a kill hits that too.</summary>
internal static class Engines
{
    public static IStorageEngine Create(string name, string location) => name switch
    {
        "sqlite" => new SqliteEngine(
            Options.Create(new SqliteStoreOptions { Folder = location, ReadThreads = 1, CheckpointMegabytes = 1 }), TimeProvider.System, NullLogger<SqliteEngine>.Instance),
        "postgres" => PostgresStore.CreateEngine(PostgresLocation.Read(location)),
        _ => throw new ArgumentException($"There is no engine '{name}'."),
    };
}
