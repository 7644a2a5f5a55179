using System.Globalization;
using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Measuring;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Tasks;
using SQLitePCL;

namespace FaultTolerance.Bench.Rows;

/// <summary>What <see cref="StoreRow"/> writes to SQLite through SQLite's own interface alone: the same table, rows, batches and conditions.</summary>
internal sealed class SqliteDriverRow : BenchRow, IAsyncDisposable
{
    private const string Insert =
        """
        insert into tasks (id, phase, attempt, owner, token, due, created, claimed, handler, spec, life)
        values (?1, 2, 1, ?2, ?3, ?4, ?4, ?4, ?5, ?6, ?7) on conflict do nothing
        """;

    private const string Update =
        """
        update tasks set phase = 3, owner = 0, token = ?3, life = ?4, result = ?5, finished = ?6
        where id = ?1 and +phase = 2 and +attempt = 1 and +owner = ?2
        """;

    private readonly Lock _turn = new();
    private sqlite3 _database = null!;
    private sqlite3_stmt _insert = null!;
    private sqlite3_stmt _update = null!;
    private long _token;

    public override string Name => "driver-sqlite";

    public override string Title => "the same through SQLite's own interface alone";

    public override string Unit => "tasks/s";

    public override async Task StartAsync(BenchLab lab, CancellationToken cancellationToken)
    {
        var store = await lab.StoreAsync(StoreKind.Sqlite, StoreBatch.Place, cancellationToken); // makes the tables
        Check(raw.sqlite3_open(store.Description.Location, out _database));
        var cache = store.Description.Durability["cache_size_kib"];
        Check(raw.sqlite3_exec(_database, string.Create(
            CultureInfo.InvariantCulture, $"pragma synchronous = full; pragma cache_size = -{cache}; pragma busy_timeout = 10000; pragma wal_autocheckpoint = 10000")));
        Check(raw.sqlite3_prepare_v2(_database, Insert, out _insert));
        Check(raw.sqlite3_prepare_v2(_database, Update, out _update));
        lab.Own(this);
    }

    // One after another, as SQLite does it in any case: a second connection would only wait for the first.
    public override Task<Sample> MeasureAsync(RoundSize size) => Load.KeepUnderWayAsync(1, size.Length, [], number => Task.FromResult(Write(number)));

    public ValueTask DisposeAsync()
    {
        _insert.Dispose();
        _update.Dispose();
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    private int Write(int number)
    {
        lock (_turn)
        {
            var rows = StoreBatch.New(number, () => ++_token);
            InTransaction(rows, _insert, BindInsert);
            InTransaction(rows, _update, BindUpdate);
            return rows.Length;
        }
    }

    private void InTransaction(TaskRow[] rows, sqlite3_stmt statement, Action<TaskRow> bind)
    {
        Check(raw.sqlite3_exec(_database, "begin immediate"));
        foreach (var row in rows)
        {
            bind(row);
            Check(raw.sqlite3_step(statement));
            if (raw.sqlite3_changes(_database) != 1)
            {
                throw new BenchException("A write through SQLite's interface was not applied.");
            }

            raw.sqlite3_reset(statement);
        }

        Check(raw.sqlite3_exec(_database, "commit"));
    }

    private void BindInsert(TaskRow row)
    {
        BindKey(_insert, row);
        raw.sqlite3_bind_int64(_insert, 3, row.Token);
        raw.sqlite3_bind_int64(_insert, 4, StoreTime.ToMicroseconds(row.Due));
        raw.sqlite3_bind_text(_insert, 5, row.Handler);
        raw.sqlite3_bind_blob(_insert, 6, row.Spec);
        raw.sqlite3_bind_blob(_insert, 7, row.Life);
    }

    private void BindUpdate(TaskRow row)
    {
        BindKey(_update, row);
        raw.sqlite3_bind_int64(_update, 3, ++_token);
        raw.sqlite3_bind_blob(_update, 4, StoreBatch.EndedLife);
        raw.sqlite3_bind_blob(_update, 5, StoreBatch.Result);
        raw.sqlite3_bind_int64(_update, 6, StoreTime.ToMicroseconds(row.Created));
    }

    private static void BindKey(sqlite3_stmt statement, TaskRow row)
    {
        raw.sqlite3_bind_blob(statement, 1, row.Id.Value.ToByteArray(bigEndian: true));
        raw.sqlite3_bind_int64(statement, 2, StoreBatch.Owner.Value);
    }

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            throw new BenchException($"SQLite: {raw.sqlite3_errmsg(_database).utf8_to_string()} ({code}).");
        }
    }
}
