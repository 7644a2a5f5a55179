using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>How many attempts a node takes on ahead of its slots. It has 2 slots and takes on 2 more whatever their pace.</summary>
public sealed class PrefetchingTests
{
    private int _last;

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
        Assert.Equal(node.Now + PrefetchWindow.Patience, Earlier(node, PrefetchWindow.Patience));

        var released = node.AfterAWhile(PrefetchWindow.Patience).The<CommitTasks>().Commits;

        Assert.Equal(Enumerable.Range(1_004, 98).Select(NodeUnderTest.Id), released.Select(commit => commit.After.Id));
        Assert.All(released, commit => Assert.Equal((TaskPhase.Queued, 1), (commit.After.Phase, commit.After.Life.Unstarted)));
        Assert.Equal(2, node.Pipeline.Waiting.Count());
        Assert.False(node.StoreCommits().WantsAny<ClaimTasks>());
    }

    [Fact]
    public void What_the_factor_takes_on_may_wait_for_ever()
    {
        var node = new NodeUnderTest().IsHanded([.. Enumerable.Range(1, 4).Select(number => new NodeUnderTest().Claimed(number))]);

        node.AfterAWhile(TimeSpan.FromHours(1)).Wants();

        Assert.Equal(2, node.Pipeline.Waiting.Count());
    }

    private static DateTimeOffset Earlier(NodeUnderTest node, TimeSpan most) =>
        node.Pipeline.NextWake < node.Now + most ? node.Pipeline.NextWake : node.Now + most;

    private static int Room(NodeUnderTest node)
    {
        var limit = node.When(new QueueHinted()).The<ClaimTasks>().Limit;
        node.StoreClaims();
        return limit;
    }

    private NodeUnderTest RunMany(NodeUnderTest node, int attempts, TimeSpan each)
    {
        for (var i = 0; i < attempts; i++)
        {
            var task = ++_last;
            node.Submits(node.Call(task)).StoreInserts().Starts(task);
            node.Sleeps(each).Succeeds(task).StoreCommits();
            while (node.Open.OfType<ClaimTasks>().Any())
            {
                node.StoreClaims();
            }
        }

        return node;
    }
}
