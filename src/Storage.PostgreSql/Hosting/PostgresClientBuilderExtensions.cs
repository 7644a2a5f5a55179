using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace FaultTolerance.Storage.PostgreSql;

/// <summary>The one setting by which a client finds the silos of a cluster on PostgreSQL.</summary>
public static class PostgresClientBuilderExtensions
{
    /// <summary>Finds the cluster's gateways in its database.</summary>
    /// <remarks>
    /// Only the list of gateways is read, on one connection; the user needs no right but to read the tables in the schema whose name ends in
    /// <c>_orleans</c>. A client that is to know no password of the database can use a static list of gateways in this one's place.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets <see cref="PostgresStoreOptions.ConnectionString"/>, and the schema where the silos use another one.</param>
    public static IClientBuilder UseFaultTolerancePostgreSql(this IClientBuilder builder, Action<PostgresStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddPostgresOptions(configure);
        builder.Services.AddSingleton(provider =>
            new OrleansTables(provider.GetRequiredService<IOptions<PostgresStoreOptions>>().Value));
        builder.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringClientOptions> options) =>
            options.Configure<OrleansTables>((clustering, tables) =>
                (clustering.Invariant, clustering.DataSource) = (OrleansTables.Invariant, tables.Source)));
        builder.Services.AddSingleton<IGatewayListProvider, PostgresGatewayList>();
        return builder;
    }
}
