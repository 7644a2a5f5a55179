using FaultTolerance.Storage.Engines;
using Npgsql;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>A database that cannot be reached or entered is named, with host, port, database and user, and without the password.</summary>
public sealed class LoginTests(SharedServer shared)
{
    private const string Secret = "hunter2-never-shown";

    [Fact]
    public async Task A_wrong_password_is_told_and_never_printed()
    {
        var failure = await FailureAsync(settings => settings.Password = Secret);

        Assert.Equal(StoreFault.Unusable, failure.Fault);
        Assert.Contains("28P01", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Check Username and Password", failure.Message, StringComparison.Ordinal);
        AssertNamesThePlace(failure, "postgres");
    }

    [Fact]
    public async Task An_unknown_database_is_told()
    {
        var failure = await FailureAsync(settings => settings.Database = "nowhere");

        Assert.Equal(StoreFault.Unusable, failure.Fault);
        Assert.Contains("Create the database", failure.Message, StringComparison.Ordinal);
        AssertNamesThePlace(failure, "nowhere");
    }

    [Fact]
    public async Task An_unreachable_host_is_told_and_may_be_tried_again()
    {
        var port = FreePort();
        var failure = await FailureAsync(settings => (settings.Port, settings.Password) = (port, Secret));

        Assert.Equal(StoreFault.Unreachable, failure.Fault);
        Assert.True(failure.IsRetryable);
        Assert.False(failure.IsOutcomeUnknown);
        Assert.Contains($"127.0.0.1:{port}, database 'postgres', user 'ft'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_could_not_be_sent_has_a_known_outcome()
    {
        var options = new PostgresStoreOptions { ConnectionString = Settings(settings => settings.Port = FreePort()).ConnectionString };
        await using var engine = PostgresStore.CreateEngine(options);

        var failure = await Assert.ThrowsAsync<StoreException>(
            () => engine.CommitStatesAsync([new("key", null, 1, [])], CancellationToken.None));

        Assert.Equal((StoreFault.Unreachable, false), (failure.Fault, failure.IsOutcomeUnknown));
    }

    [Fact]
    public async Task A_user_without_rights_is_told_what_is_missing()
    {
        var options = await shared.CreateDatabaseAsync();
        await shared.ExecuteAsync($"create role guest login password '{Secret}'");
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Username = "guest", Password = Secret };
        options.ConnectionString = settings.ConnectionString;
        await using var engine = PostgresStore.CreateEngine(options);

        var failure = await Assert.ThrowsAsync<StoreException>(() => engine.InitializeAsync(CancellationToken.None));

        Assert.Equal(StoreFault.Unusable, failure.Fault);
        Assert.Contains("permission denied for database", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Grant the user what is missing", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_owns_the_schemas_needs_no_right_to_create_any()
    {
        var options = await shared.CreateDatabaseAsync();
        await shared.ExecuteAsync($"create role owner login password '{Secret}'");
        await using (var source = NpgsqlDataSource.Create(options.ConnectionString))
        {
            await using var command = source.CreateCommand(
                "create schema faulttolerance authorization owner; create schema faulttolerance_orleans authorization owner");
            await command.ExecuteNonQueryAsync();
        }

        options.ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Username = "owner", Password = Secret }.ConnectionString;
        await using var engine = PostgresStore.CreateEngine(options);

        Assert.Equal(Migration.CurrentVersion, (await engine.InitializeAsync(CancellationToken.None)).SchemaVersion);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private NpgsqlConnectionStringBuilder Settings(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(shared.Server.ConnectionString());
        change(settings);
        return settings;
    }

    private async Task<StoreException> FailureAsync(Action<NpgsqlConnectionStringBuilder> change)
    {
        await using var engine = PostgresStore.CreateEngine(new PostgresStoreOptions { ConnectionString = Settings(change).ConnectionString });
        return await Assert.ThrowsAsync<StoreException>(() => engine.InitializeAsync(CancellationToken.None));
    }

    private void AssertNamesThePlace(StoreException failure, string database)
    {
        Assert.Contains($"127.0.0.1:{shared.Server.Port}, database '{database}', user 'ft'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(shared.Server.Password, failure.ToString(), StringComparison.Ordinal);
    }
}
