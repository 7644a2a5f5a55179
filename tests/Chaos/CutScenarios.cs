using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Nodes that are cut off, from all others or from some, for longer than their lease.</summary>
[Collection(nameof(ChaosNetwork))]
public sealed class CutScenarios(CutCluster cluster) : IClassFixture<CutCluster>
{
    [Theory]
    [InlineData(NetworkDirection.Both)]
    [InlineData(NetworkDirection.In)]
    [InlineData(NetworkDirection.Out)]
    public Task A_node_cut_off_from_the_others_but_not_from_the_store_is_replaced_and_comes_back_as_a_new_life(NetworkDirection direction) =>
        cluster.CutAsync(new NetworkFault(NetworkParty.Peers, direction));

    [Fact]
    public Task A_node_cut_off_from_the_store_but_not_from_the_others_is_replaced_and_comes_back_as_a_new_life() =>
        cluster.CutAsync(new NetworkFault(NetworkParty.Store));

    [Fact]
    public Task A_node_cut_off_from_everybody_is_replaced_and_comes_back_as_a_new_life() => cluster.CutAsync(new NetworkFault());
}
