using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing.Clusters;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>What a plain Orleans client can ask about nodes.</summary>
public sealed class NodeScenarios(ClusterFixture fixture)
{
    private IClusterClient Orleans => fixture.Cluster.Orleans;

    [Fact]
    public async Task Every_node_is_shown_alive_and_each_life_has_an_address()
    {
        var nodes = await Orleans.GetGrain<IFailureDetectorGrain>(0).GetNodesAsync();

        Assert.Equal(3, nodes.Count);
        Assert.All(nodes, node => Assert.True(node.Phase is NodePhase.Alive or NodePhase.Suspected, $"{node.Info.Name} is {node.Phase}."));
        foreach (var node in nodes)
        {
            var life = await Orleans.GetGrain<INodeGrain>(node.Info.Incarnation.Value).GetSnapshotAsync();
            Assert.Equal((node.Info.Name, node.Info.Address, NodePhase.Alive), (life!.Info.Name, life.Info.Address, life.Phase));
            Assert.Contains("scenario.add@1", life.Info.Handlers);
        }
    }

    [Fact]
    public async Task A_life_that_there_never_was_has_no_snapshot() =>
        Assert.Null(await Orleans.GetGrain<INodeGrain>(1).GetSnapshotAsync());

    [Fact]
    public async Task Every_shard_of_recovery_answers_a_touch_and_a_repeat() =>
        await Task.WhenAll(Enumerable.Range(0, 8).Select(touch => Orleans.GetGrain<IRecoveryGrain>(touch % 4).TouchAsync()));

    [Fact]
    public async Task Nodes_that_stop_in_order_have_left_and_are_no_incident()
    {
        var engine = InMemoryStore.CreateEngine(TimeProvider.System);
        await using var cluster = await FaultyCluster.StartAsync(nodes: 2, engine, ClusterFixture.AddHandlers);

        await cluster.StopAsync();

        var rows = await engine.ListNodesAsync(10, CancellationToken.None);
        Assert.Equal([NodePhase.Left, NodePhase.Left], rows.Select(row => row.Phase));
        Assert.Empty(await engine.ListEventsAsync(null, 10, CancellationToken.None));
    }
}
