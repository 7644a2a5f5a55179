using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>How many attempts a node takes on ahead of its slots. It has 2 slots and takes on 2 more whatever their pace.</summary>
public sealed class PrefetchingTests
{
    private int _last = 10_000;

    [Fact]
    public void A_node_that_has_run_nothing_yet_takes_on_its_factor_only() => Assert.Equal(4, Room(new NodeUnderTest()));

    [Fact]
    public void Short_attempts_are_taken_on_as_far_as_the_slots_get_them_done_in_the_prefetch_time()
    {
        var node = RunMany(new NodeUnderTest(), 400, TimeSpan.FromMilliseconds(1));

        Assert.Equal(2 + 200, Room(node));
    }

    [Fact]
    public void Attempts_that_take_no_time_are_taken_on_up_to_one_batch_of_the_store()
    {
        var node = RunMany(new NodeUnderTest(), 400, TimeSpan.Zero);

        Assert.Equal(2 + PrefetchWindow.Most, Room(node));
    }

    [Fact]
    public void Long_attempts_bring_the_node_back_to_its_factor()
    {
        var node = RunMany(new NodeUnderTest(), 400, TimeSpan.FromMilliseconds(1));

        Assert.Equal(4, Room(RunMany(node, 2, TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public void Without_a_prefetch_time_the_pace_counts_for_nothing()
    {
        var node = RunMany(new NodeUnderTest(options => options.PrefetchTime = TimeSpan.Zero), 400, TimeSpan.Zero);

        Assert.Equal(4, Room(node));
    }

    [Fact]
    public void A_claim_waits_until_a_fourth_of_the_room_is_free()
    {
        var node = new NodeUnderTest(options => options.PrefetchFactor = 3);
        node.When(new QueueHinted()).StoreClaims([.. Enumerable.Range(1, 8).Select(number => node.Claimed(number))]).Starts(1, 2);

        Assert.False(node.Succeeds(1).WantsAny<ClaimTasks>());
        Assert.Equal(2, node.Succeeds(2).The<ClaimTasks>().Limit);
    }

    [Fact]
    public void What_waits_behind_attempts_that_turn_out_long_is_given_back_after_a_second()
    {
        var node = RunMany(new NodeUnderTest(), 400, TimeSpan.FromMilliseconds(1));
        node.When(new QueueHinted()).StoreClaims([.. Enumerable.Range(1_000, 102).Select(number => node.Claimed(number))]).Starts(1_000, 1_001);
        Assert.Equal(node.Monotonic + PrefetchWindow.Patience, Earlier(node, PrefetchWindow.Patience));

        var released = node.AfterAWhile(PrefetchWindow.Patience).The<CommitTasks>().Commits;

        Assert.Equal(Enumerable.Range(1_002, 100).Select(NodeUnderTest.Id), released.Select(commit => commit.After.Id));
        Assert.All(released, commit => Assert.Equal((TaskPhase.Queued, 1), (commit.After.Phase, commit.After.Life.Unstarted)));
        Assert.Empty(node.Pipeline.Waiting);
        Assert.True(node.StoreCommits().WantsAny<HintPeers>());
        Assert.False(node.WantsAny<ClaimTasks>());
    }

    [Fact]
    public void What_the_factor_takes_on_does_not_wait_behind_long_handlers_while_another_node_may_be_idle()
    {
        var node = new NodeUnderTest();
        node.IsHanded([.. Enumerable.Range(1, 4).Select(number => node.Claimed(number))]).Starts(1, 2);

        var released = node.AfterAWhile(PrefetchWindow.Patience).The<CommitTasks>().Commits;

        Assert.Equal([NodeUnderTest.Id(3), NodeUnderTest.Id(4)], released.Select(commit => commit.Before.Id));
    }

    [Fact]
    public void After_that_it_claims_for_free_slots_only_until_attempts_are_short_again()
    {
        var node = new NodeUnderTest();
        node.IsHanded([.. Enumerable.Range(1, 4).Select(number => node.Claimed(number))]);
        node.AfterAWhile(PrefetchWindow.Patience).StoreCommits();

        Assert.False(node.When(new QueueHinted()).WantsAny<ClaimTasks>());
        Assert.Equal(1, node.Succeeds(1).The<ClaimTasks>().Limit);

        node.StoreClaims().Succeeds(2);
        Assert.Equal(4, Room(RunMany(node, 20, TimeSpan.FromMilliseconds(100))));
    }

    [Fact]
    public void A_node_of_many_slots_that_are_all_taken_claims_not_one_more_and_tells_the_others()
    {
        var node = new NodeUnderTest(options => options.Slots = 100);
        node.IsHanded([.. Enumerable.Range(1, 101).Select(number => node.Claimed(number))]);

        node.AfterAWhile(PrefetchWindow.Patience).StoreCommits();

        Assert.True(node.WantsAny<HintPeers>());
        Assert.False(node.When(new QueueHinted()).WantsAny<ClaimTasks>());
        Assert.False(node.AfterAWhile(TimeSpan.FromHours(1)).WantsAny<ClaimTasks>());
    }

    private static TimeSpan Earlier(NodeUnderTest node, TimeSpan most) =>
        node.Pipeline.NextWake < node.Monotonic + most ? node.Pipeline.NextWake.Value : node.Monotonic + most;

    private static int Room(NodeUnderTest node)
    {
        var limit = node.When(new QueueHinted()).The<ClaimTasks>().Limit;
        node.StoreClaims();
        return limit;
    }

    private NodeUnderTest RunMany(NodeUnderTest node, int attempts, TimeSpan each) => node.RunsMany(attempts, each, _last += 1_000);
}
