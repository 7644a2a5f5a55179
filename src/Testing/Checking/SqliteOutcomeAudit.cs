using SQLitePCL;

namespace FaultTolerance.Testing.Checking;

/// <summary>The audit of outcomes in a SQLite store.</summary>
/// <param name="folder">The store's data folder.</param>
public sealed class SqliteOutcomeAudit(string folder) : IOutcomeAudit
{
    private const int BusyMilliseconds = 10_000;

    private const string Install =
        """
        CREATE TABLE IF NOT EXISTS outcome_audit (id BLOB NOT NULL, phase INTEGER NOT NULL, attempt INTEGER NOT NULL) STRICT;
        CREATE TRIGGER IF NOT EXISTS outcome_audit_insert AFTER INSERT ON tasks WHEN NEW.phase >= 3
        BEGIN INSERT INTO outcome_audit VALUES (NEW.id, NEW.phase, NEW.attempt); END;
        CREATE TRIGGER IF NOT EXISTS outcome_audit_update AFTER UPDATE ON tasks WHEN NEW.phase >= 3
        BEGIN INSERT INTO outcome_audit VALUES (NEW.id, NEW.phase, NEW.attempt); END;
        """;

    private const string CountDoubled = "SELECT count(*) FROM (SELECT 1 FROM outcome_audit GROUP BY id HAVING count(*) > 1)";

    private readonly string _path = Path.Join(folder, "store.db");

    static SqliteOutcomeAudit() => Batteries_V2.Init();

    /// <inheritdoc/>
    public Task InstallAsync(CancellationToken cancellationToken = default) => RunAsync(database =>
    {
        Check(database, raw.sqlite3_exec(database, Install));
        return 0L;
    });

    /// <inheritdoc/>
    public Task<long> CountDoubledAsync(CancellationToken cancellationToken = default) => RunAsync(database =>
    {
        Check(database, raw.sqlite3_prepare_v2(database, CountDoubled, out var statement));
        using (statement)
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW
                ? raw.sqlite3_column_int64(statement, 0)
                : throw Failure(database);
        }
    });

    private Task<long> RunAsync(Func<sqlite3, long> run)
    {
        var code = raw.sqlite3_open_v2(_path, out var database, raw.SQLITE_OPEN_READWRITE, null);
        using (database)
        {
            Check(database, code);
            Check(database, raw.sqlite3_busy_timeout(database, BusyMilliseconds));
            return Task.FromResult(run(database));
        }
    }

    private void Check(sqlite3 database, int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(database);
        }
    }

    private IOException Failure(sqlite3 database) =>
        new($"The audit of outcomes in {_path} failed: {raw.sqlite3_errmsg(database).utf8_to_string()}.");
}
