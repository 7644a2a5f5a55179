using FaultTolerance.Storage.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>The one setting that puts a silo on PostgreSQL.</summary>
public static class PostgresSiloBuilderExtensions
{
    /// <summary>Keeps everything of the cluster in one PostgreSQL database: tasks, nodes, grain states, membership and reminders.</summary>
    /// <remarks>
    /// The tables are made or migrated as the host starts, before Orleans joins the cluster; silos may start together on an empty
    /// database. Invalid options, a server that is not durable, and one with too few connections end the start with an exception
    /// that names the remedy.
    /// </remarks>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets at least <see cref="PostgresStoreOptions.ConnectionString"/>.</param>
    public static ISiloBuilder UseFaultTolerancePostgreSql(this ISiloBuilder builder, Action<PostgresStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddPostgresOptions(configure);
        builder.Services.AddSingleton(provider => new PostgresConnections(
            provider.GetRequiredService<IOptions<PostgresStoreOptions>>().Value,
            provider.GetRequiredService<ILogger<PostgresEngine>>()));
        builder.Services.AddDurableStore(provider => new PostgresEngine(
            provider.GetRequiredService<IOptions<PostgresStoreOptions>>().Value,
            provider.GetRequiredService<PostgresConnections>(),
            provider.GetRequiredService<ILogger<PostgresEngine>>()));
        // What the driver threw is the cause of a StoreException: without this it could not be sent, and callers were told of a missing codec instead.
        builder.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(nameof(Npgsql)));
        builder.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringSiloOptions> options) =>
            options.Configure<PostgresConnections>((clustering, connections) =>
                (clustering.Invariant, clustering.DataSource) = (OrleansTables.Invariant, connections.Orleans)));
        builder.UseAdoNetReminderService((OptionsBuilder<AdoNetReminderTableOptions> options) =>
            options.Configure<PostgresConnections>((reminders, connections) =>
                (reminders.Invariant, reminders.DataSource) = (OrleansTables.Invariant, connections.Orleans)));
        return builder;
    }

    internal static void AddPostgresOptions(this IServiceCollection services, Action<PostgresStoreOptions> configure)
    {
        services.AddOptions<PostgresStoreOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PostgresStoreOptions>, PostgresStoreOptionsValidator>();
    }
}
