using FaultTolerance.Grains.Orders;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.Orders;

/// <summary>Which order stands, and what a node does about it.</summary>
public sealed class NodeOrderPlanTests
{
    private static readonly NodeOrder ByHand = new() { Kind = NodeOrderKind.Quarantine, Incarnation = Life(1), Reason = "A fan is loud.", At = Now };
    private static readonly NodeOrder ByDetector = ByHand with { IsAutomatic = true, EndsAt = Now.AddMinutes(1), Round = 1 };
    private static readonly NodeOrder Released = new() { Kind = NodeOrderKind.None, Incarnation = Life(1), At = Now };
    private static readonly NodeOrder Drained = new() { Kind = NodeOrderKind.Drain, Incarnation = Life(1), At = Now, Deadline = Now.AddMinutes(5) };
    private static readonly NodeOrder Evicted = Drained with { Kind = NodeOrderKind.Evict, Deadline = null };

    /// <summary>What stands, what is given, and whether the given one stands afterwards.</summary>
    public static TheoryData<string, string, bool> Merges => new()
    {
        { "nothing", "by hand", true },
        { "nothing", "by detector", true },
        { "nothing", "drain", true },
        { "nothing", "released", true },
        { "released", "released again", false },
        { "released", "by hand", true },
        { "released", "drain", true },
        { "by hand", "by hand again", false },
        { "by hand", "by detector", false },
        { "by hand", "released", true },
        { "by hand", "drain, over by hand", true },
        { "by detector", "by hand", true },
        { "by detector", "by detector again", false },
        { "by detector, over", "by detector again", true },
        { "by detector", "drain, over by detector", true },
        { "by detector", "released", true },
        { "drain", "released", false },
        { "drain", "by hand", false },
        { "drain", "by detector", false },
        { "drain", "drain later", false },
        { "drain", "drain sooner", true },
        { "drain", "drain of another life", true },
        { "drain of another life", "by hand", true },
        { "drain of another life", "released", true },
        { "drain", "evict", true },
        { "evict", "drain", false },
        { "evict", "evict again", false },
        { "evict", "released", false },
    };

    /// <summary>The order that stands, the node's phase, and what it does.</summary>
    public static TheoryData<string, NodePhase, NodeOrderKind?> Decisions => new()
    {
        { "nothing", NodePhase.Alive, null },
        { "nothing", NodePhase.Quarantined, NodeOrderKind.None },
        { "released", NodePhase.Quarantined, NodeOrderKind.None },
        { "released", NodePhase.Alive, null },
        { "by hand", NodePhase.Alive, NodeOrderKind.Quarantine },
        { "by hand", NodePhase.Quarantined, null },
        { "by hand", NodePhase.Draining, null },
        { "by hand", NodePhase.Joining, null },
        { "by hand, to another life", NodePhase.Alive, NodeOrderKind.Quarantine },
        { "drain, over by hand", NodePhase.Alive, NodeOrderKind.Drain },
        { "drain of another life, over by hand", NodePhase.Alive, NodeOrderKind.Quarantine },
        { "drain of another life, over by hand", NodePhase.Quarantined, null },
        { "by detector", NodePhase.Alive, NodeOrderKind.Quarantine },
        { "by detector, over", NodePhase.Alive, null },
        { "by detector, over", NodePhase.Quarantined, NodeOrderKind.None },
        { "drain", NodePhase.Alive, NodeOrderKind.Drain },
        { "drain", NodePhase.Quarantined, NodeOrderKind.Drain },
        { "drain sooner", NodePhase.Draining, NodeOrderKind.Drain },
        { "drain", NodePhase.Left, null },
        { "drain", NodePhase.Dead, null },
        { "drain of another life", NodePhase.Alive, null },
        { "drain of another life", NodePhase.Quarantined, NodeOrderKind.None },
        { "evict", NodePhase.Alive, NodeOrderKind.Evict },
        { "evict", NodePhase.Draining, NodeOrderKind.Evict },
    };

    [Theory]
    [MemberData(nameof(Merges))]
    public void What_stands_when_another_order_is_given(string standing, string given, bool isTaken)
    {
        var (before, after) = (Named(standing), Named(given)!);

        Assert.Equal(isTaken ? after : before, NodeOrderPlan.Merge(before, after));
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void What_a_node_does_about_the_order_that_stands(string standing, NodePhase phase, NodeOrderKind? expected) =>
        Assert.Equal(expected, NodeOrderPlan.Decide(Named(standing), Life(1), phase, Now));

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    [InlineData(false, true, 9)]
    public void A_machine_that_is_taken_away_stays_so_whichever_of_two_drains_is_sooner(bool standing, bool given, int minutes)
    {
        var merged = NodeOrderPlan.Merge(Drained with { IsPreemption = standing }, Drained with { IsPreemption = given, Deadline = Now.AddMinutes(minutes) });

        Assert.True(merged.IsPreemption);
        Assert.Equal(Now.AddMinutes(Math.Min(minutes, 5)), merged.Deadline);
    }

    [Fact]
    public void A_drain_that_is_hastened_forgets_no_quarantine() =>
        Assert.Equal(ByHand, NodeOrderPlan.Merge(Drained with { Beneath = ByHand }, Evicted).Beneath);

    [Fact]
    public void Released_in_its_next_life_a_node_is_in_quarantine_no_more() =>
        Assert.Null(NodeOrderPlan.Merge(Drained with { Incarnation = Life(2), Beneath = ByHand }, Released).Beneath);

    private static NodeOrder? Named(string name) => name switch
    {
        "nothing" => null,
        "released" => Released,
        "released again" => Released with { At = Now.AddMinutes(1), Reason = "To be sure." },
        "by hand" => ByHand,
        "by hand, to another life" => ByHand with { Incarnation = Life(2) },
        "by hand again" => ByHand with { At = Now.AddMinutes(1) },
        "by detector" => ByDetector,
        "by detector again" => ByDetector with { Round = 2 },
        "by detector, over" => ByDetector with { EndsAt = Now },
        "drain" => Drained,
        "drain sooner" => Drained with { Deadline = Now.AddMinutes(1) },
        "drain later" => Drained with { Deadline = Now.AddMinutes(9) },
        "drain, over by hand" => Drained with { Beneath = ByHand },
        "drain, over by detector" => Drained with { Beneath = ByDetector },
        "drain of another life, over by hand" => Drained with { Incarnation = Life(2), Beneath = ByHand },
        "drain of another life" => Drained with { Incarnation = Life(2) },
        "evict" => Evicted,
        "evict again" => Evicted with { At = Now.AddMinutes(1) },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such order."),
    };
}
