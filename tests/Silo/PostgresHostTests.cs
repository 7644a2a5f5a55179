using System.Net;
using FaultTolerance.Testing;
using Npgsql;

namespace FaultTolerance.Silo.Tests;

/// <summary>The host on a real PostgreSQL: what it refuses, and what it says of its health.</summary>
public sealed class PostgresHostTests : IAsyncLifetime, IDisposable
{
    private readonly HostUnderTest _host = new();
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_wrong_password_is_told_and_not_shown()
    {
        var said = await _host.Set("Store", $"postgres:Host=127.0.0.1;Port={_server.Port};Username={_server.Username};Password=swordfish").RefusedAsync();

        Assert.Contains("Check Username and Password", said, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_by_its_place()
    {
        var free = HostUnderTest.FreePort();

        var said = await _host.Set("Store", $"postgres:Host=127.0.0.1;Port={free};Username=me;Password=swordfish").RefusedAsync();

        Assert.Contains($"PostgreSQL at 127.0.0.1:{free}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_with_tables_of_something_else_is_told_by_its_name_and_left_alone()
    {
        await ExecuteAsync("create schema faulttolerance; create table faulttolerance.task (name text); insert into faulttolerance.task values ('soup')");

        var said = await _host.Set("Store", $"postgres:{_server.ConnectionString()}").RefusedAsync();

        Assert.All(
            [$"Schema 'faulttolerance' of PostgreSQL at 127.0.0.1:{_server.Port}", "holds tables of something else (task)", "Name another Schema"],
            part => Assert.Contains(part, said, StringComparison.Ordinal));
        Assert.DoesNotContain(_server.Password, said, StringComparison.Ordinal);
        await ExecuteAsync("delete from faulttolerance.task where name = 'soup'");
    }

    [Fact]
    public async Task Tables_of_a_newer_release_are_told_by_their_schema_and_both_versions()
    {
        _host.Set("Store", $"postgres:{_server.ConnectionString()}");
        await (await _host.StartAsync()).DisposeAsync();
        await ExecuteAsync("insert into faulttolerance.schema_version (number) values (1000)");

        var said = await _host.RefusedAsync();

        Assert.Contains("have version 1000, made by a newer release", said, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Password, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_a_node_that_works_from_one_whose_store_is_away()
    {
        var port = _host.Set("Store", $"postgres:{_server.ConnectionString()}").SetHttpPort();
        await using var silo = await _host.StartAsync();

        Assert.Equal((HttpStatusCode.OK, "Healthy", "The node takes work."), await Health.AskAsync("127.0.0.1", port));
        await _server.StopImmediatelyAsync();

        var (code, status, reason) = await Health.AskAsync("127.0.0.1", port);
        Assert.Equal((HttpStatusCode.OK, "Degraded"), (code, status));
        Assert.StartsWith("The store does not answer: ", reason, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "Healthy", "The process works."), await Health.AskAsync("127.0.0.1", port, "/health/live"));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var database = new NpgsqlConnection(_server.ConnectionString());
        await database.OpenAsync();
        await using var command = new NpgsqlCommand(sql, database);
        await command.ExecuteNonQueryAsync();
    }
}
