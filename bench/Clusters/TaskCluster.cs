using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace FaultTolerance.Bench.Clusters;

/// <summary>Silo processes of the very host that users deploy on one store, and in this process a client outside of the cluster.</summary>
internal sealed class TaskCluster : IAsyncDisposable
{
    private IHost? _host;

    private TaskCluster(LocalCluster silos) => Silos = silos;

    /// <summary>Gets the silos.</summary>
    public LocalCluster Silos { get; }

    public IFaultToleranceClient Client => _host!.Services.GetRequiredService<IFaultToleranceClient>();

    /// <summary>Gets the process ids of the silos.</summary>
    public IReadOnlyList<int> Processes => [.. Silos.Slots.Select(slot => Silos.Process(slot.Name).ProcessId)];

    /// <summary>Starts the silos and connects.</summary>
    /// <param name="store">Where they keep their data.</param>
    /// <param name="silos">How many there are.</param>
    /// <param name="folder">Where their logs lie.</param>
    /// <param name="settings">Further settings of the silos; none when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TaskCluster> StartAsync(
        StorePlace store, int silos, string folder, IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellationToken = default)
    {
        var cluster = new TaskCluster(await LocalCluster.StartAsync(
            new LocalClusterOptions { Program = SiloHost.Program(store, settings), Folder = folder, Silos = silos, Chance = Environment.ProcessId },
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

        await Silos.StopAsync();
        await Silos.DisposeAsync();
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
