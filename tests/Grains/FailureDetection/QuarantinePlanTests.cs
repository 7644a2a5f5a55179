using FaultTolerance.Grains.FailureDetection;
using FaultTolerance.Grains.Orders;
using static FaultTolerance.Grains.Tests.Nodes.NodeFacts;

namespace FaultTolerance.Grains.Tests.FailureDetection;

/// <summary>Whom the comparison of nodes accuses. With the defaults: half of at least 20 attempts, while others fail an eighth at the most.</summary>
public sealed class QuarantinePlanTests
{
    private readonly QuarantineOptions _options = new();

    [Fact]
    public void A_node_that_fails_what_others_can_run_is_accused_with_the_evidence()
    {
        var accusation = Assert.Single(Decide(Works(1, failed: 15, of: 20), Works(2, failed: 0, of: 30), Works(3, failed: 1, of: 10)));

        Assert.Equal(Life(1), accusation.Node);
        Assert.Equal("15 of its 20 attempts failed within 00:01:00, and 1 of 40 of the same handlers on the other nodes.", accusation.Reason);
    }

    [Fact]
    public void A_handler_that_fails_everywhere_accuses_nobody() =>
        Assert.Empty(Decide(Works(1, failed: 20, of: 20), Works(2, failed: 5, of: 30), Works(3, failed: 4, of: 30)));

    [Fact]
    public void What_only_one_node_runs_accuses_nobody() =>
        Assert.Empty(Decide(Works(1, failed: 50, of: 50, handler: "rare"), Works(2, failed: 0, of: 50), Works(3, failed: 0, of: 50)));

    [Fact]
    public void A_handler_that_works_does_not_hide_the_one_that_fails_only_there()
    {
        var odd = Works(1, failed: 30, of: 30) with
        {
            Ended = new Dictionary<string, HandlerTally> { ["work"] = new("work", 0, 30), ["own"] = new("own", 1_000, 0) },
        };

        Assert.Equal(Life(1), Assert.Single(Decide(odd, Works(2, failed: 0, of: 30), Works(3, failed: 0, of: 30))).Node);
    }

    [Theory]
    [InlineData(19, 19, 40)]
    [InlineData(20, 20, 19)]
    public void Too_few_attempts_prove_nothing(int failed, int of, int others) =>
        Assert.Empty(Decide(Works(1, failed, of), Works(2, failed: 0, of: others), Works(3, failed: 0, of: 0)));

    [Theory]
    [InlineData(9, 20)]
    [InlineData(0, 20)]
    public void A_node_that_fails_less_than_half_is_left_alone(int failed, int of) =>
        Assert.Empty(Decide(Works(1, failed, of), Works(2, failed: 0, of: 30), Works(3, failed: 0, of: 30)));

    [Fact]
    public void Of_two_nodes_none_can_be_told_to_be_odd() => Assert.Empty(Decide(Works(1, failed: 30, of: 30), Works(2, failed: 0, of: 30)));

    [Fact]
    public void A_third_of_the_nodes_is_accused_at_the_most_and_the_worst_first()
    {
        var accused = Decide(
            Works(1, failed: 25, of: 30), Works(2, failed: 30, of: 30), Works(3, failed: 0, of: 300), Works(4, failed: 0, of: 300));

        Assert.Equal(Life(2), Assert.Single(accused).Node);
    }

    [Fact]
    public void While_one_of_three_is_in_quarantine_no_other_goes_there() =>
        Assert.Empty(Decide(Works(1, failed: 30, of: 30), Works(2, failed: 0, of: 90), Works(3, failed: 0, of: 0) with { TakesWork = false, IsAccused = true }));

    [Fact]
    public void Switched_off_it_accuses_nobody()
    {
        _options.IsAutomatic = false;

        Assert.Empty(Decide(Works(1, failed: 30, of: 30), Works(2, failed: 0, of: 30), Works(3, failed: 0, of: 30)));
    }

    [Theory]
    [InlineData(2.0, 0.5, true)]
    [InlineData(1.9, 0.1, false)]
    [InlineData(9.0, 0.6, false)]
    public void A_thread_pool_that_keeps_work_waiting_is_a_sign_unless_the_others_do_too(double own, double others, bool isAccused) =>
        Assert.Equal(isAccused, Decide(Waits(1, own), Waits(2, others), Waits(3, 0)).Any());

    [Theory]
    [InlineData(0.5, 0.125, true)]
    [InlineData(0.49, 0, false)]
    [InlineData(1, 0.2, false)]
    public void Handlers_that_do_not_stop_are_a_sign_unless_they_hang_on_others_too(double own, double others, bool isAccused) =>
        Assert.Equal(isAccused, Decide(Hangs(1, own), Hangs(2, others), Hangs(3, 0)).Any());

    [Fact]
    public void The_evidence_against_a_node_with_hung_handlers_says_how_many_slots_they_hold() =>
        Assert.Equal(
            "Handlers that were told to stop and did not have held 75 % of its slots for 00:01:00, and 0 % at the most on the others.",
            Assert.Single(Decide(Hangs(1, 0.75), Hangs(2, 0), Hangs(3, 0))).Reason);

    [Fact]
    public void A_node_is_not_among_the_others_that_it_is_compared_with()
    {
        Assert.Empty(Decide(Waits(1, 5), Works(2, failed: 0, of: 30), Works(3, failed: 0, of: 30))); // it alone has a full window
        Assert.Empty(Decide(Waits(1, 5), Waits(2, 5), Waits(3, 0)));
        Assert.Equal(Life(3), Assert.Single(Decide(Waits(1, 0), Waits(2, 0.5), Waits(3, 5))).Node);
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 120)]
    [InlineData(4, 480)]
    [InlineData(5, 900)]
    [InlineData(500, 900)]
    public void Each_quarantine_is_twice_as_long_as_the_one_before_up_to_a_limit(int round, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), QuarantinePlan.TimeOf(round, _options));

    [Fact]
    public void A_quarantine_that_follows_closely_is_the_next_round_and_one_long_after_is_the_first()
    {
        var former = new NodeOrder { Kind = NodeOrderKind.Quarantine, At = Now.AddMinutes(-20), EndsAt = Now.AddMinutes(-14), Round = 3 };

        Assert.Equal(4, QuarantinePlan.RoundOf(former, Now, _options));
        Assert.Equal(1, QuarantinePlan.RoundOf(former with { EndsAt = Now.AddMinutes(-15) }, Now, _options));
        Assert.Equal(1, QuarantinePlan.RoundOf(null, Now, _options));
        Assert.Equal(1, QuarantinePlan.RoundOf(new NodeOrder { Kind = NodeOrderKind.Quarantine, At = Now }, Now, _options));
    }

    private IReadOnlyList<Suspicion> Decide(params NodeWork[] nodes) => QuarantinePlan.Decide(nodes, _options);

    private static NodeWork Works(int node, int failed, int of, string handler = "work") => new(
        Life(node), TakesWork: true, IsAccused: false, new Dictionary<string, HandlerTally> { [handler] = new(handler, of - failed, failed) }, null, null);

    private static NodeWork Waits(int node, double seconds) => new(
        Life(node), TakesWork: true, IsAccused: false, new Dictionary<string, HandlerTally>(), TimeSpan.FromSeconds(seconds), null);

    private static NodeWork Hangs(int node, double share) => new(
        Life(node), TakesWork: true, IsAccused: false, new Dictionary<string, HandlerTally>(), null, share);
}
