using System.Globalization;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.PostgreSql;
using FaultTolerance.Testing.Checking;
using Npgsql;

namespace FaultTolerance.Cli.Clusters;

/// <summary>A store in a schema of a PostgreSQL database.</summary>
internal sealed class PostgresClusterStore(string connection, string schema, int silos) : ClusterStore
{
    public override string Title => "PostgreSQL";

    public override IReadOnlyDictionary<string, string> SiloSettings { get; } = new Dictionary<string, string>
    {
        ["Store"] = $"postgres:{connection}",
        ["PostgreSql:Schema"] = schema,
        ["PostgreSql:Silos"] = silos.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Returns the schema of a run by its folder's name, with what a schema's name may hold.</summary>
    public static string SchemaOf(string folder) => Path.GetFileName(folder).Replace('-', '_').ToLowerInvariant();

    public override void Configure(IClientBuilder client) => client.UseFaultTolerancePostgreSql(options => Set(options));

    public override IOutcomeAudit AuditNamed(string name) => new PostgresOutcomeAudit(connection, schema, name);

    public override string PlaceFrom(string folder)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection);
        return string.Create(CultureInfo.InvariantCulture, $"PostgreSQL, {builder.Host}:{builder.Port}, database {builder.Database ?? builder.Username}, schema {schema}");
    }

    public override string Remains(string folder) => $"{folder} and in the database's schema {schema}";

    public override async Task DeleteAsync()
    {
        var quote = new NpgsqlCommandBuilder();
        await using var database = new NpgsqlConnection(connection);
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = $"drop schema if exists {quote.QuoteIdentifier(schema)}, {quote.QuoteIdentifier(schema + "_orleans")} cascade";
        await command.ExecuteNonQueryAsync();
    }

    public override IStorageEngine CreateEngine() => PostgresStore.CreateEngine(Set(new PostgresStoreOptions()));

    private PostgresStoreOptions Set(PostgresStoreOptions options)
    {
        (options.ConnectionString, options.Schema, options.Silos) = (connection, schema, silos);
        return options;
    }
}
