using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>A server on which the store's promises do not hold is refused, with the remedy.</summary>
public sealed class ServerSettingsTests(SharedServer shared)
{
    [Fact]
    public async Task The_durability_settings_are_read_back_from_the_server()
    {
        await using var engine = PostgresStore.CreateEngine(shared.NewSchema());

        var description = await engine.InitializeAsync(CancellationToken.None);

        Assert.Equal($"PostgreSQL {shared.Server.Version}", description.Engine.Split(" (")[0]);
        Assert.Equal(("on", "on", "on"), (description.Durability["fsync"], description.Durability["full_page_writes"], description.Durability["synchronous_commit"]));
        Assert.Contains($"127.0.0.1:{shared.Server.Port}", description.Location, StringComparison.Ordinal);
        Assert.DoesNotContain(shared.Server.Password, description.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synchronous_commit_off_for_the_database_is_refused_with_the_remedy()
    {
        var options = await shared.CreateDatabaseAsync();
        await shared.ExecuteAsync($"alter database {DatabaseOf(options)} set synchronous_commit = off");

        var refused = await RefusedAsync(options);

        Assert.Contains("has synchronous_commit off", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Set synchronous_commit = on", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await TablesAsync(options));
    }

    [Fact]
    public async Task Unsafe_durability_that_was_asked_for_is_used_with_an_error_in_the_log()
    {
        var options = await shared.CreateDatabaseAsync();
        await shared.ExecuteAsync($"alter database {DatabaseOf(options)} set synchronous_commit = off");
        options.AllowUnsafeDurability = true;
        using var log = new RecordedLog();
        await using var engine = PostgresStore.CreateEngine(options, log);

        var description = await engine.InitializeAsync(CancellationToken.None);

        Assert.Equal("off", description.Durability["synchronous_commit"]);
        var entry = Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error);
        Assert.Contains("synchronous_commit is off", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_fsync_or_with_few_connections_is_refused_with_the_numbers()
    {
        await using var server = await PostgresServer.StartNewAsync(new Dictionary<string, string>
        {
            ["fsync"] = "off",
            ["full_page_writes"] = "off",
            ["max_connections"] = "25",
        });
        var options = new PostgresStoreOptions { ConnectionString = server.ConnectionString() };

        Assert.Contains("has fsync and full_page_writes off", (await RefusedAsync(options)).Message, StringComparison.Ordinal);

        options.AllowUnsafeDurability = true;
        var refused = await RefusedAsync(options);
        Assert.Contains("max_connections = 25, 3 of them reserved, which leaves 22", refused.Message, StringComparison.Ordinal);
        Assert.Contains("3 silos with 10 connections each need 30. Set max_connections = 33 or more", refused.Message, StringComparison.Ordinal);

        options.Silos = 2;
        await using var engine = PostgresStore.CreateEngine(options);
        await engine.InitializeAsync(CancellationToken.None);
    }

    [Fact]
    public async Task The_hot_tables_have_their_own_vacuum_settings()
    {
        var options = shared.NewSchema();
        await using var engine = PostgresStore.CreateEngine(options);
        await engine.InitializeAsync(CancellationToken.None);

        foreach (var table in new[] { "task", "edge", "node", "grain_state" })
        {
            var settings = await shared.ScalarAsync<string[]>($"select reloptions from pg_class where oid = '{options.Schema}.{table}'::regclass");
            Assert.Contains(settings, setting => setting.StartsWith("autovacuum_vacuum_threshold=", StringComparison.Ordinal));
            Assert.Contains(settings, setting => setting.StartsWith("autovacuum_vacuum_scale_factor=", StringComparison.Ordinal));
        }
    }

    private static string DatabaseOf(PostgresStoreOptions options) =>
        new Npgsql.NpgsqlConnectionStringBuilder(options.ConnectionString).Database!;

    private static async Task<StoreException> RefusedAsync(PostgresStoreOptions options)
    {
        await using var engine = PostgresStore.CreateEngine(options);
        var refused = await Assert.ThrowsAsync<StoreException>(() => engine.InitializeAsync(CancellationToken.None));
        Assert.Equal(StoreFault.Unusable, refused.Fault);
        Assert.False(refused.IsRetryable);
        return refused;
    }

    private static async Task<long> TablesAsync(PostgresStoreOptions options)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(options.ConnectionString);
        await using var command = source.CreateCommand($"select count(*) from pg_tables where schemaname = '{options.Schema}'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
