using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Cuts that need a cluster of their own: its store is another, or the cut takes the most of it.</summary>
[Collection(nameof(ChaosNetwork))]
public sealed class SplitScenarios(ChaosNetwork networks)
{
    [Fact]
    public async Task A_node_on_SQLite_cut_off_from_the_others_is_replaced_and_comes_back_as_a_new_life()
    {
        await using var local = await ChaosCluster.StartAsync(networks.NewStore(StoreKind.Sqlite), restartsDead: true, network: networks.Network);

        await CutCluster.CutAsync(local, networks.Network, "silo-2", new NetworkFault());
    }

    [Fact]
    public async Task Two_of_three_nodes_cut_off_at_once_are_replaced_by_the_third()
    {
        await using var cut = await ChaosCluster.StartAsync(networks.NewStore(StoreKind.Postgres), restartsDead: true, network: networks.Network);
        using var bank = new Bank();
        var transfers = await bank.SubmitAsync(cut.Client, 1_000);
        await cut.UntilHeldEverywhereAsync(bank);
        var lost = networks.Network.Nodes.Take(2).Select(node => (node.Name, cut.Silos.Process(node.Name).ProcessId)).ToList();

        await Task.WhenAll(lost.Select(node => networks.Network.FailAsync(node.Name, new NetworkFault())));
        await Task.WhenAll(lost.Select(node => cut.UntilRecoveredAsync(node.Name)));
        bank.Open();
        await cut.UntilEndedAsync(transfers);
        await networks.Network.HealAsync();
        await Task.WhenAll(lost.Select(node => cut.UntilBackAsync(node.Name, node.ProcessId)));

        bank.AssertDoneOnce(transfers);
        Assert.Equal(lost.Select(node => node.Name), cut.Deaths().Select(told => told.Text("node")).Order());
        await cut.AssertOneViewAsync();
        await cut.AssertInvariantsAsync();
    }
}
