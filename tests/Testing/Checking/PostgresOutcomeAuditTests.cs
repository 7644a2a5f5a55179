using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.PostgreSql;
using FaultTolerance.Testing.Checking;
using Npgsql;

namespace FaultTolerance.Testing.Tests.Checking;

public sealed class PostgresOutcomeAuditTests(PostgresOutcomeAuditTests.Server server) : OutcomeAuditTests, IClassFixture<PostgresOutcomeAuditTests.Server>
{
    private static int _schemas;

    private PostgresStoreOptions _options = null!;

    [Fact]
    public async Task An_audit_is_not_removed_while_a_long_transaction_holds_the_table_of_tasks()
    {
        var audit = AuditNamed(IOutcomeAudit.DefaultName);
        await using (await HoldAsync($"select 1 from {_options.Schema}.task"))
        {
            AssertNamesTable(await Assert.ThrowsAsync<OutcomeAuditException>(() => audit.RemoveAsync()));
            Assert.Equal(0, await audit.CountDoubledAsync()); // it is there as a whole
        }

        await audit.RemoveAsync();
    }

    [Fact]
    public async Task An_audit_is_not_installed_while_another_session_holds_the_table_of_tasks()
    {
        var audit = AuditNamed("later");
        await using (await HoldAsync($"lock table {_options.Schema}.task in share update exclusive mode")) // as VACUUM does
        {
            AssertNamesTable(await Assert.ThrowsAsync<OutcomeAuditException>(() => audit.InstallAsync()));
            await Assert.ThrowsAsync<OutcomeAuditException>(() => audit.CountDoubledAsync()); // nothing of it is there
        }

        await audit.InstallAsync();
        Assert.Equal(0, await audit.CountDoubledAsync());
    }

    [Fact]
    public async Task An_audit_can_be_removed_by_hand_with_the_statements_that_it_names()
    {
        var audit = AuditNamed("audit of \"another\" run's");
        await audit.InstallAsync();

        await ExecuteAsync(audit.Removal[(audit.Removal.IndexOf(':', StringComparison.Ordinal) + 1)..]);

        await Assert.ThrowsAsync<OutcomeAuditException>(() => audit.CountDoubledAsync());
        await ExecuteAsync($"do $$ begin assert not exists (select 1 from pg_trigger join pg_class on pg_class.oid = tgrelid " +
            $"where relnamespace = '{_options.Schema}'::regnamespace and tgname like '%another%'); end $$");
    }

    private void AssertNamesTable(OutcomeAuditException exception)
    {
        Assert.Contains($"\"{_options.Schema}\".task for 2s", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Try again", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Begins a transaction that lasts until the result is disposed of.</summary>
    private async Task<NpgsqlConnection> HoldAsync(string statement)
    {
        var connection = new NpgsqlConnection($"{_options.ConnectionString};Pooling=false"); // its end is the transaction's
        await connection.OpenAsync();
        await using var begin = new NpgsqlCommand($"begin; {statement}", connection);
        await begin.ExecuteNonQueryAsync();
        return connection;
    }

    private protected override IOutcomeAudit AuditNamed(string name) => new PostgresOutcomeAudit(_options.ConnectionString, _options.Schema, name);

    private protected override Task ForgetAsync() => ExecuteAsync($"drop table {_options.Schema}.outcome_audit");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_options.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private protected override Task<(IStorageEngine Engine, IOutcomeAudit Audit)> OpenAsync()
    {
        _options = new PostgresStoreOptions
        {
            ConnectionString = server.ConnectionString,
            Schema = $"audit{Interlocked.Increment(ref _schemas)}",
        };
        return Task.FromResult<(IStorageEngine, IOutcomeAudit)>(
            (PostgresStore.CreateEngine(_options), new PostgresOutcomeAudit(_options.ConnectionString, _options.Schema)));
    }

    public sealed class Server : IAsyncLifetime
    {
        private PostgresServer _server = null!;

        public string ConnectionString => _server.ConnectionString();

        public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync();

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
