using System.Globalization;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.PostgreSql;
using FaultTolerance.Storage.Sqlite;

namespace FaultTolerance.Bench.Clusters;

/// <summary>Where a cluster keeps its data, as its silos, its clients and the bench itself need to know it.</summary>
/// <param name="SiloSettings">The settings of the silo host that choose the store.</param>
/// <param name="Configure">Has a client find the silos.</param>
/// <param name="CreateEngine">Makes an engine on the same data.</param>
internal sealed record StorePlace(
    IReadOnlyDictionary<string, string> SiloSettings, Action<IClientBuilder> Configure, Func<IStorageEngine> CreateEngine)
{
    /// <summary>Databases in a folder.</summary>
    public static StorePlace Sqlite(string folder) => new(
        new Dictionary<string, string> { ["Store"] = $"sqlite:{folder}" },
        client => client.UseFaultToleranceSqlite(options => options.Folder = folder),
        () => SqliteStore.CreateEngine(new SqliteStoreOptions { Folder = folder }));

    /// <summary>A schema of a PostgreSQL database.</summary>
    public static StorePlace Postgres(string connection, string schema, int silos)
    {
        return new(
            new Dictionary<string, string>
            {
                ["Store"] = $"postgres:{connection}",
                ["PostgreSql:Schema"] = schema,
                ["PostgreSql:Silos"] = silos.ToString(CultureInfo.InvariantCulture),
            },
            client => client.UseFaultTolerancePostgreSql(options => Set(options)),
            () => PostgresStore.CreateEngine(Set(new PostgresStoreOptions())));

        PostgresStoreOptions Set(PostgresStoreOptions options)
        {
            (options.ConnectionString, options.Schema, options.Silos) = (connection, schema, silos);
            return options;
        }
    }
}
