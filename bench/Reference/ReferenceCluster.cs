using System.Net;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace FaultTolerance.Bench.Reference;

/// <summary>Silo processes of plain Orleans, and in this process a client outside of the cluster.</summary>
internal sealed class ReferenceCluster : IAsyncDisposable
{
    private readonly LocalCluster _silos;
    private IHost? _host;

    private ReferenceCluster(LocalCluster silos) => _silos = silos;

    public IGrainFactory Grains => _host!.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Gets the process ids of the silos.</summary>
    public IReadOnlyList<int> Processes => [.. _silos.Slots.Select(slot => _silos.Process(slot.Name).ProcessId)];

    /// <summary>Starts the silos and connects.</summary>
    public static async Task<ReferenceCluster> StartAsync(string connection, int silos, string folder, CancellationToken cancellationToken)
    {
        SiloSlot? primary = null;
        var program = new SiloProgram
        {
            Path = typeof(ReferenceCluster).Assembly.Location,
            Arguments = slot => ReferenceSilo.Arguments(slot, primary ??= slot),
            Environment = _ => [KeyValuePair.Create(ReferenceSilo.Connection, (string?)connection)],
        };
        var cluster = new ReferenceCluster(await LocalCluster.StartAsync(
            new LocalClusterOptions { Program = program, Folder = folder, Silos = silos, Chance = Environment.ProcessId }, cancellationToken));
        try
        {
            await cluster.ConnectAsync(cancellationToken);
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

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        var gateways = _silos.Slots.Select(slot => new IPEndPoint(IPAddress.Loopback, slot.GatewayPort)).ToArray();
        builder.UseOrleansClient(client => client
            .UseStaticClustering(gateways)
            .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = ReferenceSilo.ClusterName));
        _host = builder.Build();
        await _host.StartAsync(cancellationToken);
    }
}
