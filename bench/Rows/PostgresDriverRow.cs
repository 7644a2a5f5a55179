using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Measuring;
using FaultTolerance.Storage;
using Npgsql;

namespace FaultTolerance.Bench.Rows;

/// <summary>What <see cref="StoreRow"/> writes to PostgreSQL through the driver alone: the same table, rows, batches and conditions.</summary>
internal sealed class PostgresDriverRow : BenchRow
{
    private const string Insert =
        """
        insert into task (id, phase, attempt, owner, token, due, created, claimed, handler, spec, life)
        select id, 2, 1, $2, token, $4, $4, $4, $5, spec, life
        from unnest($1::uuid[], $3::bigint[], $6::bytea[], $7::bytea[]) as w (id, token, spec, life)
        on conflict do nothing
        """;

    private const string Update =
        """
        update task set phase = 3, owner = 0, token = w.token, life = w.life, result = w.result, finished = $2
        from unnest($1::uuid[], $3::bigint[], $4::bytea[], $5::bytea[]) as w (id, token, life, result)
        where task.id = w.id and task.phase + 0 = 2 and task.attempt = 1 and task.owner + 0 = $6
        """;

    private NpgsqlDataSource _source = null!;
    private long _token;

    public override string Name => "driver-postgres";

    public override string Title => "the same through Npgsql alone";

    public override string Unit => "tasks/s";

    public override async Task StartAsync(BenchLab lab, CancellationToken cancellationToken)
    {
        await lab.StoreAsync(StoreKind.Postgres, StoreBatch.Place, cancellationToken); // makes the tables
        _source = lab.Own(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder((await lab.ServerAsync()).ConnectionString())
        {
            SearchPath = StoreBatch.Place,
            MaxPoolSize = StoreBatch.UnderWay,
            MaxAutoPrepare = 10,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            Options = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_bitmapscan=off -c jit=off",
            WriteBufferSize = 64 * 1024,
        }));
    }

    public override Task<Sample> MeasureAsync(RoundSize size) => Load.KeepUnderWayAsync(StoreBatch.UnderWay, size.Length, [], WriteAsync);

    private async Task<int> WriteAsync(int number)
    {
        var rows = StoreBatch.New(number, NewToken);
        var ids = Array.ConvertAll(rows, row => row.Id.Value);
        var now = StoreTime.ToMicroseconds(rows[0].Created);
        await ExecuteAsync(
            Insert, ids, StoreBatch.Owner.Value, Array.ConvertAll(rows, row => row.Token), now, rows[0].Handler,
            Array.ConvertAll(rows, row => row.Spec), Array.ConvertAll(rows, row => row.Life));
        await ExecuteAsync(
            Update, ids, now, Array.ConvertAll(rows, _ => NewToken()), Array.ConvertAll(rows, _ => StoreBatch.EndedLife),
            Array.ConvertAll(rows, _ => StoreBatch.Result), StoreBatch.Owner.Value);
        return rows.Length;
    }

    private long NewToken() => Interlocked.Increment(ref _token);

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        if (await command.ExecuteNonQueryAsync() != StoreBatch.Size)
        {
            throw new BenchException("A write through Npgsql was not applied.");
        }
    }
}
