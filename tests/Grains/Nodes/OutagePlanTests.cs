using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>Whether a node without the store goes on past its lease, for every combination of what its peers are.</summary>
public sealed class OutagePlanTests
{
    [Theory]
    [InlineData("", "No other node says that it has lost it as well, and a new one may join from elsewhere.")]
    [InlineData("gone", "No other node says that it has lost it as well, and a new one may join from elsewhere.")]
    [InlineData("reaches", "Node node-0 reaches the store.")]
    [InlineData("silent lost", "Node node-0 does not answer, and may reach the store.")]
    public void Where_others_may_join_from_elsewhere_a_node_needs_one_that_has_lost_the_store_too(string peers, string reason) =>
        Assert.Equal(new OutageFinding(false, reason), OutagePlan.Decide(Words(peers), isOfOneMachine: false));

    [Theory]
    [InlineData("lost")]
    [InlineData("gone lost lost")]
    public void Wherever_others_may_join_from_a_node_goes_on_with_those_that_have_lost_the_store_too(string peers) =>
        Assert.Equal(OutagePlan.Decide(Words(peers), isOfOneMachine: true), OutagePlan.Decide(Words(peers), isOfOneMachine: false));

    [Theory]
    [InlineData("", true, "No other node is there to take over.")]
    [InlineData("lost", true, "No other node can take over: 1 cannot reach it either.")]
    [InlineData("lost lost", true, "No other node can take over: 2 cannot reach it either.")]
    [InlineData("gone", true, "No other node is there to take over.")]
    [InlineData("gone lost", true, "No other node can take over: 1 cannot reach it either.")]
    [InlineData("reaches", false, "Node node-0 reaches the store.")]
    [InlineData("silent", false, "Node node-0 does not answer, and may reach the store.")]
    [InlineData("lost reaches", false, "Node node-1 reaches the store.")]
    [InlineData("lost silent", false, "Node node-1 does not answer, and may reach the store.")]
    [InlineData("gone silent", false, "Node node-1 does not answer, and may reach the store.")]
    [InlineData("silent reaches", false, "Node node-1 reaches the store.")]
    public void A_node_goes_on_only_while_nobody_could_take_over(string peers, bool mayGoOn, string reason) =>
        Assert.Equal(new OutageFinding(mayGoOn, reason), OutagePlan.Decide(Words(peers), isOfOneMachine: true));

    private static IReadOnlyList<PeerWord> Words(string peers) =>
        [.. peers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((peer, i) => new PeerWord($"node-{i}", peer switch
        {
            "lost" => PeerStanding.LostStore,
            "reaches" => PeerStanding.ReachesStore,
            "silent" => PeerStanding.Silent,
            _ => PeerStanding.Gone,
        }))];
}
