using Npgsql;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>A client's way to Orleans' own tables.</summary>
internal sealed class OrleansTables(PostgresStoreOptions options) : IAsyncDisposable
{
    /// <summary>The name under which Orleans' providers know Npgsql.</summary>
    public const string Invariant = "Npgsql";

    private readonly NpgsqlConnectionStringBuilder _settings = ConnectionSettings.Orleans(options, connections: 1);

    private NpgsqlDataSource? _source;

    /// <summary>Gets the sessions.</summary>
    public NpgsqlDataSource Source => _source ??= NpgsqlDataSource.Create(_settings);

    /// <summary>Gets where the database is, without secrets.</summary>
    public string Place => ConnectionSettings.Describe(_settings);

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;
}
