using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>What sessions are told, and that none of them can hold up the others.</summary>
public sealed class SessionTests(SharedServer shared) : IAsyncLifetime
{
    private const string Program = "sessions under test";

    private PostgresStoreOptions _options = null!;
    private RecordedLog _log = null!;
    private string Name => $"{Program} [{_options.Schema}]";
    private IStorageEngine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        (_options, _log) = (shared.NewSchema(), new RecordedLog());
        _options.LockTimeout = TimeSpan.FromMilliseconds(300);
        _options.ConnectionString += ";Application Name=" + Program; // The sessions of other tests are none of ours to end.
        _engine = PostgresStore.CreateEngine(_options, _log);
        await _engine.InitializeAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData("statement_timeout", "8s")]
    [InlineData("lock_timeout", "300ms")]
    [InlineData("idle_in_transaction_session_timeout", "8s")]
    [InlineData("tcp_user_timeout", "10000")]
    [InlineData("tcp_keepalives_idle", "5")]
    [InlineData("enable_seqscan", "off")]
    [InlineData("synchronous_commit", "on")]
    public async Task Each_session_is_told_its_bounds(string setting, string value)
    {
        await using var sessions = NpgsqlDataSource.Create(ConnectionSettings.Rows(_options));
        await using var command = sessions.CreateCommand($"show {setting}");

        Assert.Equal(value, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task The_users_own_settings_are_kept_beside_ours()
    {
        _options.ConnectionString += ";Options=-c work_mem=5MB";
        await using var sessions = NpgsqlDataSource.Create(ConnectionSettings.Rows(_options));
        await using var command = sessions.CreateCommand(
            "select current_setting('application_name') || ', ' || current_setting('work_mem') || ', ' || current_setting('lock_timeout')");

        Assert.Equal($"{Name}, 5MB, 300ms", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_write_whose_row_is_held_too_long_gives_up_knowing_that_nothing_was_written()
    {
        await using var holder = await HoldAsync("another program");

        var failure = await Assert.ThrowsAsync<StoreException>(() => WriteAsync(2));

        Assert.Equal((StoreFault.Contention, true, false), (failure.Fault, failure.IsRetryable, failure.IsOutcomeUnknown));
        Assert.Equal(1, (await _engine.ReadStateAsync("row", CancellationToken.None))?.Token);
    }

    [Fact]
    public async Task A_session_of_a_frozen_process_is_ended_by_whoever_waits_for_its_row()
    {
        await using var frozen = await HoldAsync(Name);
        await Assert.ThrowsAsync<StoreException>(() => WriteAsync(2));

        await WriteUntilFreeAsync();

        Assert.Contains(_log.Entries, entry => entry.Id == 1202);
        var ended = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(frozen, "commit"));
        Assert.Equal(PostgresErrorCodes.AdminShutdown, ended.SqlState);
    }

    [Fact]
    public async Task A_quiet_session_of_another_store_in_the_same_database_is_left_alone()
    {
        await using var quiet = await HoldAsync($"{Program} [of another store]");
        await Assert.ThrowsAsync<StoreException>(() => WriteAsync(2));
        await Assert.ThrowsAsync<StoreException>(() => WriteAsync(2));

        await ExecuteAsync(quiet, "commit");

        Assert.DoesNotContain(_log.Entries, entry => entry.Id == 1202);
    }

    [Theory]
    [InlineData("p", "p [s]", "p [s] migrating")]
    [InlineData(
        "a program with a name that is longer than a server would ever keep",
        "a program with a name that is longer than a server would ev [s]",
        "a program with a name that is longer than a serve [s] migrating")]
    public void The_sessions_of_one_store_have_one_name_however_long_it_is_and_the_one_that_migrates_has_another(string program, string rows, string migration)
    {
        var options = new PostgresStoreOptions { ConnectionString = $"Host=h;Application Name={program}", Schema = "s" };

        Assert.Equal(rows, ConnectionSettings.Rows(options).ApplicationName);
        Assert.Equal(rows, ConnectionSettings.Leases(options).ApplicationName);
        Assert.Equal(migration, ConnectionSettings.Migration(options).ApplicationName);
    }

    [Fact]
    public async Task A_process_that_froze_in_the_middle_of_a_statement_holds_nobody_up()
    {
        await using var frozen = await HoldAsync(Name);
        using var endless = new BlockedStream();
        var half = Statement.ExecuteAsync(frozen, Statement.Of("select $1::bytea").With<Stream>(endless));
        await endless.Reached;

        await WriteUntilFreeAsync();

        Assert.Contains(_log.Entries, entry => entry.Id == 1202);
        endless.Break();
        Assert.NotNull(await Record.ExceptionAsync(() => half));
        Assert.Equal([2], (await _engine.ReadStateAsync("row", CancellationToken.None))?.State);
    }

    [Fact]
    public async Task A_busy_pool_does_not_delay_a_lease()
    {
        var node = new NodeRow { Incarnation = new(1), Name = "alpha" };
        Assert.True(await _engine.RegisterNodeAsync(node, TimeSpan.FromSeconds(10), CancellationToken.None));
        _options.LockTimeout = TimeSpan.FromMinutes(1);
        await using var patient = PostgresStore.CreateEngine(_options);
        await using var holder = await HoldAsync("another program");
        var waiting = Enumerable.Range(2, _options.MaxPoolSize).Select(token => WriteAsync(token, patient)).ToList();

        Assert.True(await patient.RenewLeaseAsync(
            new LeaseRenewal { Incarnation = node.Incarnation, Sequence = 1, Phase = NodePhase.Alive, Info = [], Lease = TimeSpan.FromSeconds(10) }, CancellationToken.None));

        Assert.DoesNotContain(waiting, write => write.IsCompleted);
        await ExecuteAsync(holder, "rollback");
        Assert.Single(await Task.WhenAll(waiting), applied => applied);
    }

    [Fact]
    public async Task A_callers_cancellation_ends_its_waiting_and_leaves_the_session_in_order()
    {
        await using var holder = await HoldAsync("another program");
        using var cancellation = new CancellationTokenSource();
        var write = _engine.CommitStatesAsync([new("row", 1, 2, [2])], cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        await ExecuteAsync(holder, "rollback");
        Assert.NotNull(await _engine.ReadStateAsync("row", CancellationToken.None));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    // The number of writes that lose against the lock depends on the machine; that one comes through does not.
    private async Task WriteUntilFreeAsync()
    {
        while (true)
        {
            try
            {
                Assert.True(await WriteAsync(2));
                return;
            }
            catch (StoreException failure) when (failure.Fault == StoreFault.Contention)
            {
                await Task.Yield();
            }
        }
    }

    private async Task<bool> WriteAsync(long token, IStorageEngine? engine = null)
    {
        GrainStateWrite write = token == 1 ? new("row", null, 1, [1]) : new("row", 1, token, [2]);
        return Assert.Single(await (engine ?? _engine).CommitStatesAsync([write], CancellationToken.None));
    }

    // A transaction that holds the row and says no more.
    private async Task<NpgsqlConnection> HoldAsync(string program)
    {
        await WriteAsync(1);
        var settings = new NpgsqlConnectionStringBuilder(_options.ConnectionString)
        {
            ApplicationName = program,
            Pooling = false,
            SearchPath = _options.Schema,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "begin; update grain_state set state = ''");
        return connection;
    }

    // Gives one byte of its thousand, and then nothing.
    private sealed class BlockedStream : Stream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<int> _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => 1_000;

        public override long Position { get; set; }

        public void Break() => _rest.TrySetException(new IOException("The process was ended."));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _reached.TrySetResult();
            return new ValueTask<int>(_rest.Task);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
