using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Nodes;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.FailureDetection;

public sealed class DeathPlanTests
{
    private static readonly NodeIncarnation Self = Life(9);
    private static readonly ProcessProof Gone = new(ProcessFate.Gone, "It is gone.");

    [Theory]
    [InlineData(NodePhase.Joining)]
    [InlineData(NodePhase.Alive)]
    [InlineData(NodePhase.Quarantined)]
    [InlineData(NodePhase.Draining)]
    public void A_life_whose_lease_has_ended_is_to_end(NodePhase phase)
    {
        var sentence = Assert.Single(Decide([Node(1, phase, leaseFor: 0)]));

        Assert.False(sentence.IsProvedGone);
        Assert.Equal(FailureKind.NodeLost, sentence.Kind);
        Assert.Equal(
            $"Its lease ended at {Now:O} and was not renewed. Nothing is known of its process.",
            sentence.Evidence);
        Assert.Equal(Life(1), sentence.ToEnd().Incarnation);
        Assert.Equal(NodePhase.Dead, sentence.ToEnd().Phase);
    }

    [Fact]
    public void A_life_whose_lease_runs_is_not_touched() => Assert.Empty(Decide([Node(1, leaseFor: 0.000001)]));

    [Fact]
    public void A_life_that_is_proved_gone_need_not_wait_for_its_lease()
    {
        var sentence = Assert.Single(Decide([Node(1), Node(2)], gone: 2, mayCondemn: false));

        Assert.Equal(Life(2), sentence.Node.Incarnation);
        Assert.True(sentence.ToEnd().IsProvedGone);
        Assert.Equal(FailureKind.Crash, sentence.Kind);
        Assert.Equal("It is gone.", sentence.Evidence);
    }

    [Fact]
    public void An_ended_lease_is_not_held_against_a_node_that_could_not_renew_it() =>
        Assert.Empty(Decide([Node(1, leaseFor: -100)], mayCondemn: false));

    [Theory]
    [InlineData(NodePhase.Left)]
    [InlineData(NodePhase.Dead)]
    public void A_life_that_has_ended_does_not_end_again(NodePhase phase) =>
        Assert.Empty(Decide([Node(1, phase, leaseFor: -100)], gone: 1));

    [Fact]
    public void A_node_never_condemns_itself() => Assert.Empty(Decide([Node(9, leaseFor: -100)], gone: 9));

    [Fact]
    public void A_node_is_late_once_half_its_lease_is_over()
    {
        Assert.False(DeathPlan.IsLate(Node(1, leaseFor: 2.5), TimeSpan.FromSeconds(5), Now));
        Assert.True(DeathPlan.IsLate(Node(1, leaseFor: 2.499), TimeSpan.FromSeconds(5), Now));
    }

    [Fact]
    public void A_life_that_has_taken_the_port_is_found()
    {
        var older = Node(Info(1, generation: 1));
        var newer = Node(Info(1, generation: 2) with { Incarnation = Life(2) });

        Assert.True(DeathPlan.FindSuccessor(older, [older, newer, Node(3)]).IsGone);
        Assert.False(DeathPlan.FindSuccessor(newer, [older, newer, Node(3)]).IsGone);
    }

    private static IReadOnlyList<DeathSentence> Decide(IEnumerable<KnownNode> nodes, int? gone = null, bool mayCondemn = true)
    {
        var proofs = gone is { } number ? new Dictionary<NodeIncarnation, ProcessProof> { [Life(number)] = Gone } : [];
        return [.. DeathPlan.Decide(nodes, Self, proofs, mayCondemn, Now)];
    }
}
