using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace FaultTolerance.Bench.Clusters;

/// <summary>Silo processes of the very host that users deploy on one store, and in this process a client outside of the cluster.</summary>
internal sealed class TaskCluster : IAsyncDisposable
{
    private readonly LocalCluster _silos;
    private IHost? _host;

    private TaskCluster(LocalCluster silos) => _silos = silos;

    public IFaultToleranceClient Client => _host!.Services.GetRequiredService<IFaultToleranceClient>();

    /// <summary>Gets the process ids of the silos.</summary>
    public IReadOnlyList<int> Processes => [.. _silos.Slots.Select(slot => _silos.Process(slot.Name).ProcessId)];

    /// <summary>Starts the silos and connects.</summary>
    public static async Task<TaskCluster> StartAsync(StorePlace store, int silos, string folder, CancellationToken cancellationToken)
    {
        var cluster = new TaskCluster(await LocalCluster.StartAsync(
            new LocalClusterOptions { Program = SiloHost.Program(store), Folder = folder, Silos = silos, Chance = Environment.ProcessId },
            cancellationToken));
        try
        {
            await cluster.ConnectAsync(store, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Disconnects and ends the silos.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_host is { } host)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await _silos.StopAsync();
        await _silos.DisposeAsync();
    }

    private async Task ConnectAsync(StorePlace store, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = SiloHost.ClusterName);
            store.Configure(client);
            client.AddFaultToleranceClient();
        });
        _host = builder.Build();
        await _host.StartAsync(cancellationToken);
    }
}
