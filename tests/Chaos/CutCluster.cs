using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Chaos.Tests;

/// <summary>One cluster on PostgreSQL over a network, for all the ways in which a node can be cut off: each leaves it as it found it.</summary>
public sealed class CutCluster(ChaosNetwork networks) : IAsyncLifetime
{
    private ChaosCluster _cluster = null!;
    private int _turns;

    public async ValueTask InitializeAsync() =>
        _cluster = await ChaosCluster.StartAsync(networks.NewStore(StoreKind.Postgres), restartsDead: true, network: networks.Network);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>Cuts off the next node in turn while it is in the midst of its work, until it has been replaced, and then mends the way.</summary>
    internal Task CutAsync(NetworkFault fault) => CutAsync(_cluster, networks.Network, $"silo-{1 + (_turns++ % 3)}", fault);

    internal static async Task CutAsync(ChaosCluster cluster, SiloNetwork network, string node, NetworkFault fault)
    {
        using var bank = new Bank();
        var transfers = await bank.SubmitAsync(cluster.Client, 100);
        await cluster.UntilHeldEverywhereAsync(bank);
        var process = cluster.Silos.Process(node).ProcessId;
        var before = cluster.Silos.Events.Position;

        await network.FailAsync(node, fault);
        await cluster.UntilAsync("recovered", told => told.Position > before && told.Text("node") == node);
        bank.Open();
        await cluster.UntilEndedAsync(transfers);
        await network.HealAsync(node);
        await cluster.UntilBackAsync(node, process, before);

        bank.AssertDoneOnce(transfers);
        Assert.Equal(node, Assert.Single(cluster.Deaths(), told => told.Position > before).Text("node"));
        await cluster.AssertOneViewAsync();
        await cluster.AssertInvariantsAsync();
    }
}
