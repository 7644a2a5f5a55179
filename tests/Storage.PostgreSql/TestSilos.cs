using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>Silos and clients that know of each other by nothing but a database.</summary>
internal static class TestSilos
{
    public static IHost Silo(string name, PostgresStoreOptions database)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .UseFaultTolerancePostgreSql(options => Use(options, database))
            .Configure<SiloOptions>(options => options.SiloName = name)
            .Configure<ClusterOptions>(Name)
            .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort()));
        return builder.Build();
    }

    public static IHost Client(PostgresStoreOptions database)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseFaultTolerancePostgreSql(options => Use(options, database))
            .Configure<ClusterOptions>(Name));
        return builder.Build();
    }

    private static void Use(PostgresStoreOptions options, PostgresStoreOptions database) =>
        (options.ConnectionString, options.Schema) = (database.ConnectionString, database.Schema);

    private static void Name(ClusterOptions options) => (options.ClusterId, options.ServiceId) = ("cluster", "service");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
