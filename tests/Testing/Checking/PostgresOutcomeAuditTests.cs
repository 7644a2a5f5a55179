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
        await using var connection = new NpgsqlConnection(_options.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var read = new NpgsqlCommand($"select 1 from {_options.Schema}.task", connection))
        {
            await read.ExecuteNonQueryAsync();
        }

        var audit = AuditNamed(IOutcomeAudit.DefaultName);
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, (await Assert.ThrowsAsync<PostgresException>(() => audit.RemoveAsync())).SqlState);

        Assert.Equal(0, await audit.CountDoubledAsync()); // it is there as a whole
        await transaction.RollbackAsync();
        await audit.RemoveAsync();
    }

    private protected override IOutcomeAudit AuditNamed(string name) => new PostgresOutcomeAudit(_options.ConnectionString, _options.Schema, name);

    private protected override async Task ForgetAsync()
    {
        await using var connection = new NpgsqlConnection(_options.ConnectionString);
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"drop table {_options.Schema}.outcome_audit", connection);
        await drop.ExecuteNonQueryAsync();
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
