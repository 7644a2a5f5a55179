using System.Net;
using System.Net.Sockets;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>Real silos and a client that know of each other by nothing but a folder.</summary>
public sealed class SqliteHostingTests : IAsyncDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public async Task Silos_and_a_client_with_the_same_folder_are_a_cluster()
    {
        using var first = await StartSiloAsync("first");
        using var second = await StartSiloAsync("second");
        using var client = await StartClientAsync();

        var hosts = await client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: true);

        Assert.Equal(["first", "second"], hosts.Select(host => host.SiloName).Order());
        await client.StopAsync();
        await second.StopAsync();
        await first.StopAsync();
    }

    [Fact]
    public async Task A_grains_reminder_outlives_its_silo()
    {
        using (var first = await StartSiloAsync("first"))
        {
            await Grain(first).RemindMeAsync("daily");
            await first.StopAsync();
        }

        using var second = await StartSiloAsync("second");

        Assert.Equal(["daily"], await Grain(second).ListAsync());
        await Grain(second).ForgetAsync("daily");
        Assert.Empty(await Grain(second).ListAsync());
        await second.StopAsync();

        static IReminded Grain(IHost silo) => silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IReminded>("one");
    }

    [Fact]
    public async Task A_silo_offers_the_store_of_its_folder()
    {
        using var silo = await StartSiloAsync("only");

        var description = silo.Services.GetRequiredService<IDurableStore>().Description;

        Assert.Equal(_folder.Store, description.Location);
        Assert.Equal(StoreSchema.Current.Version, description.SchemaVersion);
        Assert.StartsWith("SQLite 3.", description.Engine);
        Assert.Equal("wal", description.Durability["journal_mode"]);
        Assert.Equal("full", description.Durability["synchronous"]);
        Assert.Equal("0", description.Durability["wal_autocheckpoint"]);
        await silo.StopAsync();
    }

    [Fact]
    public async Task A_silo_on_a_database_of_another_program_does_not_start_and_says_why()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "cluster.db"), "This is no database, but somebody's diary: it must not be touched.");

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => StartSiloAsync("only"));

        var cause = Assert.IsType<StoreException>(refused.GetBaseException());
        Assert.Equal(StoreFault.Unusable, cause.Fault);
        Assert.Contains("cluster.db", cause.Message);
        Assert.StartsWith("This is no database", File.ReadAllText(Path.Combine(_folder.Path, "cluster.db")));
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private async Task<IHost> StartSiloAsync(string name)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .UseFaultToleranceSqlite(options => options.Folder = _folder.Path)
            .Configure<SiloOptions>(options => options.SiloName = name)
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "test"))
            .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort()));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task<IHost> StartClientAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseFaultToleranceSqlite(options => options.Folder = _folder.Path)
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "test")));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
