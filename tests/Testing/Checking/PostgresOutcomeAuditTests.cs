using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.PostgreSql;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Testing.Tests.Checking;

public sealed class PostgresOutcomeAuditTests(PostgresOutcomeAuditTests.Server server) : OutcomeAuditTests, IClassFixture<PostgresOutcomeAuditTests.Server>
{
    private static int _schemas;

    private protected override Task<(IStorageEngine Engine, IOutcomeAudit Audit)> OpenAsync()
    {
        var options = new PostgresStoreOptions
        {
            ConnectionString = server.ConnectionString,
            Schema = $"audit{Interlocked.Increment(ref _schemas)}",
        };
        return Task.FromResult<(IStorageEngine, IOutcomeAudit)>(
            (PostgresStore.CreateEngine(options), new PostgresOutcomeAudit(options.ConnectionString, options.Schema)));
    }

    public sealed class Server : IAsyncLifetime
    {
        private PostgresServer _server = null!;

        public string ConnectionString => _server.ConnectionString();

        public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync();

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
