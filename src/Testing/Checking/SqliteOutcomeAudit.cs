using SQLitePCL;

namespace FaultTolerance.Testing.Checking;

/// <summary>The audit of outcomes in a SQLite store.</summary>
/// <param name="folder">The store's data folder.</param>
/// <param name="name">Tells it apart from other audits of the same store.</param>
public sealed class SqliteOutcomeAudit(string folder, string name = IOutcomeAudit.DefaultName) : IOutcomeAudit
{
    private const int BusyMilliseconds = 10_000;
    private const int Parts = 3;

    private const string CountTasks = "SELECT count(*) FROM tasks";

    private readonly string _install =
        $"""
        BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS {Quote(name)} (id BLOB NOT NULL, phase INTEGER NOT NULL, attempt INTEGER NOT NULL) STRICT;
        CREATE TRIGGER IF NOT EXISTS {Quote(OnInsert(name))} AFTER INSERT ON tasks WHEN NEW.phase >= 3
        BEGIN INSERT INTO {Quote(name)} VALUES (NEW.id, NEW.phase, NEW.attempt); END;
        CREATE TRIGGER IF NOT EXISTS {Quote(OnUpdate(name))} AFTER UPDATE ON tasks WHEN NEW.phase >= 3
        BEGIN INSERT INTO {Quote(name)} VALUES (NEW.id, NEW.phase, NEW.attempt); END;
        COMMIT;
        """;

    private readonly string _remove = $"BEGIN IMMEDIATE; DROP TRIGGER IF EXISTS {Quote(OnInsert(name))}; " +
        $"DROP TRIGGER IF EXISTS {Quote(OnUpdate(name))}; DROP TABLE IF EXISTS {Quote(name)}; COMMIT;";

    private readonly string _countParts = $"SELECT count(*) FROM sqlite_schema WHERE name IN ({Text(name)}, {Text(OnInsert(name))}, {Text(OnUpdate(name))})";
    private readonly string _countDoubled = $"SELECT count(*) FROM (SELECT 1 FROM {Quote(name)} GROUP BY id HAVING count(*) > 1)";

    private readonly string _path = Path.Join(folder, "store.db");

    static SqliteOutcomeAudit() => Batteries_V2.Init();

    /// <inheritdoc/>
    public string Removal => $"in {_path}, while no silo runs: {_remove}";

    /// <inheritdoc/>
    /// <exception cref="OutcomeAuditException">The table and the triggers are not there afterwards, or the file cannot be used.</exception>
    public Task InstallAsync(CancellationToken cancellationToken = default) => RunAsync(database =>
    {
        Check(database, raw.sqlite3_exec(database, _install));
        RequireWhole(database);
        return 0L;
    });

    /// <inheritdoc/>
    /// <exception cref="OutcomeAuditException">The audit is not in the store any more, or the file cannot be used.</exception>
    public Task<long> CountDoubledAsync(CancellationToken cancellationToken = default) => RunAsync(database =>
    {
        RequireWhole(database);
        return Read(database, _countDoubled);
    });

    /// <inheritdoc/>
    /// <exception cref="OutcomeAuditException">The file cannot be used.</exception>
    public Task RemoveAsync(CancellationToken cancellationToken = default) => RunAsync(database =>
    {
        Check(database, raw.sqlite3_exec(database, _remove));
        return 0L;
    });

    private static string OnInsert(string name) => $"{name}_insert";

    private static string OnUpdate(string name) => $"{name}_update";

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(string name) => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    private Task<long> RunAsync(Func<sqlite3, long> run)
    {
        var code = raw.sqlite3_open_v2(_path, out var database, raw.SQLITE_OPEN_READWRITE, null);
        using (database)
        {
            Check(database, code);
            Check(database, raw.sqlite3_busy_timeout(database, BusyMilliseconds));

            // Copying the log is for the store's writers, under their lock.
            Check(database, raw.sqlite3_wal_autocheckpoint(database, 0));
            Check(database, raw.sqlite3_db_config(database, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _));
            return Task.FromResult(run(database));
        }
    }

    private void RequireWhole(sqlite3 database)
    {
        if (Read(database, _countParts) is var parts and < Parts)
        {
            throw new OutcomeAuditException(
                $"The database {_path} has {parts} of the {Parts} parts of the audit of outcomes {name}, and {Read(database, CountTasks)} tasks: " +
                "the audit was not installed in it. If it was, the file has been replaced by another one since.");
        }
    }

    private long Read(sqlite3 database, string sql)
    {
        Check(database, raw.sqlite3_prepare_v2(database, sql, out var statement));
        using (statement)
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW
                ? raw.sqlite3_column_int64(statement, 0)
                : throw Failure(database);
        }
    }

    private void Check(sqlite3 database, int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(database);
        }
    }

    private OutcomeAuditException Failure(sqlite3 database) =>
        new($"The audit of outcomes in {_path} failed: {raw.sqlite3_errmsg(database).utf8_to_string()}.");
}
