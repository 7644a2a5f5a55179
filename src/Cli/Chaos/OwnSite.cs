using FaultTolerance.Cli.Clusters;
using FaultTolerance.Storage;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Networks;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Cli.Chaos;

/// <summary>The run's own cluster, to which everything can be done.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="grounds">What it stands on.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class OwnSite(OwnCluster cluster, ChaosGrounds grounds, TimeProvider timeProvider) : IChaosSite
{
    private readonly ClusterOrders _orders = new(cluster.Services.GetRequiredService<IClusterClient>(), timeProvider);

    public IReadOnlyList<string> Nodes { get; } = [.. cluster.Silos.Slots.Select(slot => slot.Name)];

    public IDurableStore Store => cluster.Store;

    public bool HasOtherWork => false;

    public bool Kill(string node) => cluster.Silos.Process(node).Kill();

    public bool Pause(string node) => cluster.Silos.Process(node).Pause();

    public bool HoldsLock(string node) => grounds.Store.IsHeldBy(cluster.Silos.Process(node).ProcessId);

    public bool Resume(string node) => cluster.Silos.Process(node).Resume();

    public bool Terminate(string node) => cluster.Silos.Process(node).Terminate();

    public Task DrainAsync(NodeIncarnation life, CancellationToken cancellationToken) => _orders.DrainAsync(life, ChaosActs.DrainWithin, cancellationToken);

    public async Task StartAgainAsync(string node, CancellationToken cancellationToken)
    {
        await cluster.Silos.StopAsync(node); // has left already: waits for the end of its process, and of whoever would start it again
        await cluster.Silos.StartAsync(node, cancellationToken);
    }

    public Task<IReadOnlyList<NodeSnapshot>> ListNodesAsync(CancellationToken cancellationToken) => _orders.ListNodesAsync(cancellationToken);

    public async Task<string> FindDetectorAsync(CancellationToken cancellationToken)
    {
        var endpoint = await _orders.FindDetectorAsync(cancellationToken);
        return cluster.Silos.Slots.Single(slot => slot.SiloPort == endpoint.Port && (slot.Network is null || slot.Network.Address.Equals(endpoint.Address))).Name;
    }

    public Task FailNetworkAsync(string node, NetworkFault fault) => grounds.Network!.FailAsync(node, fault);

    public Task HealNetworkAsync() => grounds.Network!.HealAsync();

    public Task TakeStoreAsync(ChaosKind kind) => kind switch
    {
        ChaosKind.StoreStop => grounds.Server!.StopAsync(),
        ChaosKind.StoreFreeze => grounds.Server!.FreezeAsync(),
        _ => grounds.Server!.StopImmediatelyAsync(),
    };

    public Task GiveStoreAsync(ChaosKind kind) => (kind, grounds.Server!.IsRunning) switch
    {
        (ChaosKind.StoreFreeze, _) => grounds.Server.ThawAsync(),
        (_, true) => Task.CompletedTask,
        _ => grounds.Server.StartAsync(grounds.ServerSettings),
    };
}
