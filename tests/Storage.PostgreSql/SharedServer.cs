using System.Collections.Concurrent;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.PostgreSql.Tests;
using FaultTolerance.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>The one server of all tests that leave it running; each takes a database of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private static readonly string[] Tables = ["task", "edge", "part", "node", "event", "grain_state"];

    private readonly ConcurrentDictionary<Type, PostgresStoreOptions> _schemas = new();
    private NpgsqlDataSource _source = null!;
    private int _names;

    public PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await PostgresServer.StartNewAsync();
        _source = NpgsqlDataSource.Create(Server.ConnectionString());
    }

    /// <summary>Names a schema that is not there yet, in a database that all share.</summary>
    public PostgresStoreOptions NewSchema() => new()
    {
        ConnectionString = Server.ConnectionString(),
        Schema = $"test{Interlocked.Increment(ref _names)}",
    };

    /// <summary>Makes an engine on tables that hold nothing; a class of tests uses the same tables again, one test after the other.</summary>
    public async Task<IStorageEngine> OpenEmptyAsync(object tests)
    {
        if (_schemas.TryGetValue(tests.GetType(), out var options))
        {
            await ExecuteAsync(string.Join(
                ';', Tables.Select(table => $"delete from {options.Schema}.{table}")));
        }
        else
        {
            options = _schemas[tests.GetType()] = NewSchema();
        }

        return PostgresStore.CreateEngine(options);
    }

    /// <summary>Runs statements as the owner of everything.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Returns one value as the owner of everything.</summary>
    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Makes an empty database.</summary>
    public async Task<PostgresStoreOptions> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _names)}";
        await ExecuteAsync($"create database {name}");
        return new PostgresStoreOptions { ConnectionString = Server.ConnectionString(name) };
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await Server.DisposeAsync();
    }
}
