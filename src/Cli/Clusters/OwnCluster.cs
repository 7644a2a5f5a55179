using FaultTolerance.Cli.Live;
using FaultTolerance.Storage;
using FaultTolerance.Testing.Journals;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace FaultTolerance.Cli.Clusters;

/// <summary>The cluster of one run: its silos, a client, the client's journal, and a look of our own into the store.</summary>
internal sealed class OwnCluster : IAsyncDisposable
{
    /// <summary>How long a submit is repeated: longer than all silos together take to start again on a slow machine.</summary>
    private static readonly TimeSpan SubmitTimeout = TimeSpan.FromMinutes(3);

    private readonly Stack<IAsyncDisposable> _parts = new();
    private IHost? _host;

    private OwnCluster()
    {
    }

    public LocalCluster Silos { get; private set; } = null!;

    public IDurableStore Store { get; private set; } = null!;

    public ClientJournal Journal { get; private set; } = null!;

    public IServiceProvider Services => _host!.Services;

    public IFaultToleranceClient Client => Services.GetRequiredService<IFaultToleranceClient>();

    /// <summary>Starts the silos, and connects.</summary>
    /// <param name="store">Where they keep their data.</param>
    /// <param name="silos">The silos, and the folder for logs and the journal.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind.</param>
    public static async Task<OwnCluster> StartAsync(ClusterStore store, LocalClusterOptions silos, CancellationToken cancellationToken)
    {
        var cluster = new OwnCluster();
        try
        {
            cluster.Store = cluster.Own(await store.OpenAsync(cancellationToken));
            await store.Audit.InstallAsync(cancellationToken); // before the first silo: a trigger that is added later has missed something
            cluster.Silos = cluster.Own(await LocalCluster.StartAsync(silos, cancellationToken));
            await cluster.ConnectAsync(store, silos.Folder, silos.TimeProvider, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks at the newest process of each silo.</summary>
    public IReadOnlyList<SeenProcess> See() => [.. Silos.Slots
        .Select(slot => Silos.Process(slot.Name))
        .Select(process => new SeenProcess(process.Slot.Name, process.ProcessId, process.IsPaused, process.Ended.IsCompleted))];

    /// <summary>Lets the client and then the silos leave in order.</summary>
    public async Task StopAsync()
    {
        await _host!.StopAsync();
        await Silos.StopAsync();
    }

    /// <summary>Ends whatever is left of the cluster.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        Journal?.Dispose();
    }

    private async Task ConnectAsync(ClusterStore store, string folder, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Journal = ClientJournal.Open(Path.Join(folder, "acknowledged"));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddFilter("Orleans", LogLevel.Warning).AddProvider(new FileLog(Path.Join(folder, "logs", "client.log"), timeProvider));
        builder.Services.AddSingleton<ISubmitJournal>(Journal);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = SiloHostProgram.ClusterName);
            store.Configure(client);
            client.AddFaultToleranceClient(options => options.SubmitTimeout = SubmitTimeout).UseConnectionRetryFilter(static (_, _) => Task.FromResult(true));
        });
        _host = builder.Build();
        _parts.Push((IAsyncDisposable)_host);
        await _host.StartAsync(cancellationToken);
    }

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
