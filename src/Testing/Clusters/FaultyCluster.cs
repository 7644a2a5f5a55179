using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Hosting;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing.Messages;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace FaultTolerance.Testing.Clusters;

/// <summary>A cluster of silos in this process over one store that outlives them.</summary>
/// <remarks>For what one process can show. Deaths, pauses and partitions are shown by real processes.</remarks>
public sealed class FaultyCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private FaultyCluster(InProcessTestCluster cluster, IStorageEngine engine) => (_cluster, Engine) = (cluster, engine);

    /// <summary>Gets the engine that all silos share, or one of its own on their store.</summary>
    public IStorageEngine Engine { get; }

    /// <summary>Gets the client of an outside process.</summary>
    public IFaultToleranceClient Client => _cluster.Client.ServiceProvider.GetRequiredService<IFaultToleranceClient>();

    /// <summary>Gets Orleans' own client.</summary>
    public IClusterClient Orleans => _cluster.Client;

    /// <summary>Gets the client that a silo itself offers.</summary>
    public IFaultToleranceClient HostedClient => SiloServices(0).GetRequiredService<IFaultToleranceClient>();

    /// <summary>Starts a cluster.</summary>
    /// <param name="nodes">How many silos.</param>
    /// <param name="configure">What every silo gets besides fault tolerance and its store.</param>
    public static Task<FaultyCluster> StartAsync(int nodes, Action<ISiloBuilder> configure) =>
        StartAsync(nodes, InMemoryStore.CreateEngine(TimeProvider.System), configure);

    /// <summary>Starts a cluster over an engine that may have been used before.</summary>
    public static Task<FaultyCluster> StartAsync(int nodes, IStorageEngine engine, Action<ISiloBuilder> configure) =>
        StartAsync(nodes, engine, () => engine, configure);

    /// <summary>Starts a cluster whose silos have an engine each, as silos in processes of their own do.</summary>
    /// <param name="nodes">How many silos.</param>
    /// <param name="engine">The engine to look through beside them; the caller's to dispose of.</param>
    /// <param name="createEngine">Makes the engine of a silo, on the same store.</param>
    /// <param name="configure">What every silo gets besides fault tolerance and its store.</param>
    public static Task<FaultyCluster> StartAsync(
        int nodes, IStorageEngine engine, Func<IStorageEngine> createEngine, Action<ISiloBuilder> configure) =>
        StartAsync(nodes, engine, createEngine, configure, client => client.AddFaultToleranceClient());

    /// <summary>Starts a cluster whose messages go wrong.</summary>
    /// <param name="nodes">How many silos.</param>
    /// <param name="messages">What goes wrong with the messages that silos and the client send.</param>
    /// <param name="configure">What every silo gets besides fault tolerance and its store.</param>
    /// <param name="configureClient">Changes the options of the client.</param>
    public static Task<FaultyCluster> StartAsync(
        int nodes, MessageFaults messages, Action<ISiloBuilder> configure, Action<FaultToleranceClientOptions> configureClient)
    {
        var engine = InMemoryStore.CreateEngine(TimeProvider.System);
        var filter = new FaultyCallFilter(messages);
        return StartAsync(
            nodes,
            engine,
            () => engine,
            silo => configure(silo.AddOutgoingGrainCallFilter(filter)),
            client => client.AddFaultToleranceClient(configureClient).AddOutgoingGrainCallFilter(filter));
    }

    private static async Task<FaultyCluster> StartAsync(
        int nodes, IStorageEngine engine, Func<IStorageEngine> createEngine, Action<ISiloBuilder> configure, Action<IClientBuilder> configureClient)
    {
        var builder = new InProcessTestClusterBuilder((short)nodes);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddDurableStore(_ => createEngine());
            silo.AddFaultTolerance();
            silo.UseInMemoryReminderService();
            configure(silo);
        });
        builder.ConfigureClient(configureClient);
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new FaultyCluster(cluster, engine);
    }

    /// <summary>Gets how many silos were started.</summary>
    public int Nodes => _cluster.Silos.Count;

    /// <summary>Returns the services of one silo.</summary>
    public IServiceProvider SiloServices(int index) => _cluster.Silos[index].ServiceProvider;

    /// <summary>Stops every silo in order; the store remains.</summary>
    public Task StopAsync() => _cluster.StopAllSilosAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();
}
