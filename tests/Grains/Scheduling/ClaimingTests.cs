using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>When a node looks for work, and for how much. It has 2 slots and takes on 4 attempts.</summary>
public sealed class ClaimingTests
{
    private static readonly TimeSpan IdlePoll = new TaskPipelineOptions().IdlePoll;

    [Fact]
    public void A_node_looks_for_work_as_soon_as_it_holds_its_lease()
    {
        var pipeline = new TaskPipeline(NodeUnderTest.Incarnation, "n", new TaskPipelineOptions { Slots = 3, PrefetchFactor = 2 }, new Random(1));
        var now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Empty(pipeline.Handle([new QueueHinted()], now, TimeSpan.Zero));
        Assert.Null(pipeline.NextWake);

        var claim = Assert.IsType<ClaimTasks>(Assert.Single(pipeline.Handle([new LeaseChanged(true)], now, TimeSpan.Zero)));
        Assert.Equal(9, claim.Limit);
    }

    [Fact]
    public void A_claim_asks_for_as_many_as_there_is_room_for()
    {
        var node = new NodeUnderTest().Runs(1);

        Assert.Equal(3, node.When(new QueueHinted()).The<ClaimTasks>().Limit);
    }

    [Fact]
    public void An_idle_node_looks_now_and_then()
    {
        var node = new NodeUnderTest();
        Assert.Equal(node.Monotonic + IdlePoll, node.Pipeline.NextWake);

        node.AfterAWhile(IdlePoll - TimeSpan.FromTicks(1)).Wants();
        node.AfterAWhile(TimeSpan.FromTicks(1)).Wants(typeof(ClaimTasks));
        node.StoreClaims().Wants();

        Assert.Equal(node.Monotonic + IdlePoll, node.Pipeline.NextWake);
    }

    [Fact]
    public void One_claim_is_under_way_at_a_time_and_a_hint_meanwhile_leads_to_the_next()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).Wants(typeof(ClaimTasks));

        node.When(new QueueHinted()).Wants();
        node.AfterAWhile(TimeSpan.FromMinutes(1)).Wants();
        Assert.Null(node.Pipeline.NextWake);

        node.StoreClaims().Wants(typeof(ClaimTasks));
        node.StoreClaims().Wants();
    }

    [Fact]
    public void A_claim_that_was_filled_is_followed_by_another_as_soon_as_there_is_room()
    {
        var node = new NodeUnderTest().IsHanded([.. Claims(1, 2, 3, 4)]).Starts(1, 2).Wants(typeof(StartAttempt), typeof(StartAttempt));

        node.Succeeds(1).Starts(3);

        Assert.Equal(1, node.The<ClaimTasks>().Limit);
    }

    [Fact]
    public void A_full_node_does_not_look()
    {
        var node = new NodeUnderTest(options => options.PrefetchFactor = 0).IsHanded([.. Claims(1, 2)]);

        node.When(new QueueHinted()).Wants();
        Assert.Equal(node.Monotonic + node.Options.ReviewInterval, node.Pipeline.NextWake);
        Assert.False(node.AfterAWhile(TimeSpan.FromHours(1)).WantsAny<ClaimTasks>());
    }

    [Fact]
    public void A_retry_is_looked_for_when_it_is_due()
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromMinutes(1)).Runs(1);
        node.Fails(1, FailureKind.Timeout).StoreCommits().Wants(typeof(ReportRequeued));

        Assert.Equal(node.Now.AddSeconds(1), node.Pipeline.NextDue);
        node.AfterAWhile(TimeSpan.FromSeconds(1)).Wants(typeof(ClaimTasks));
    }

    [Fact]
    public void A_retry_that_is_due_at_once_is_looked_for_at_once()
    {
        var node = new NodeUnderTest().Runs(1);

        node.When(new AttemptEnded(NodeUnderTest.Id(1), new FaultTolerance.Grains.Tasks.AttemptReleased(1, NodeUnderTest.Incarnation, "node-1", null)));

        node.StoreCommits().Wants(typeof(ReportRequeued), typeof(ClaimTasks));
    }

    [Fact]
    public void A_store_that_fails_a_claim_is_asked_again_after_a_pause()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).StoreFails<ClaimTasks>().Wants();

        Assert.Equal(node.Monotonic + node.Options.RepeatDelay, node.Pipeline.NextWake);
        node.AfterAWhile(node.Options.RepeatDelay).Wants(typeof(ListOwned)).StoreLists().Wants(typeof(ClaimTasks));
    }

    [Fact]
    public void Nothing_is_claimed_without_the_lease_or_while_draining()
    {
        new NodeUnderTest().When(new LeaseChanged(false)).When(new QueueHinted()).Wants();
        new NodeUnderTest().When(new DrainStarted()).When(new QueueHinted()).Wants();
    }

    [Fact]
    public void Nothing_is_claimed_while_too_many_outcomes_wait_for_their_commit()
    {
        var node = new NodeUnderTest(options => (options.Slots, options.PrefetchFactor, options.MaxCommitting) = (200, 0, 100));
        var tasks = Enumerable.Range(1, 100).ToArray();
        node.Runs(tasks);
        foreach (var task in tasks)
        {
            node.Succeeds(task);
        }

        node.When(new QueueHinted()).Wants();
        Assert.Null(node.Pipeline.NextWake);

        Assert.True(node.StoreCommits().WantsAny<ClaimTasks>());
    }

    [Fact]
    public void Filled_claims_leave_a_low_water_mark_below_what_they_found()
    {
        var node = new NodeUnderTest();
        Assert.Null(node.When(new QueueHinted()).The<ClaimTasks>().DueFrom);
        var due = node.Now.AddMinutes(-30);

        node.StoreClaims([.. Claims(1, 2, 3, 4).Select((task, i) => task with { Due = due.AddMinutes(i) })]).Succeeds(1);

        Assert.Equal(due - ClaimStage.LongestWrite, node.The<ClaimTasks>().DueFrom);
    }

    [Fact]
    public void A_claim_that_was_not_filled_moves_no_mark()
    {
        var node = new NodeUnderTest().IsHanded([.. Claims(1)]);

        Assert.Null(node.When(new QueueHinted()).The<ClaimTasks>().DueFrom);
    }

    [Fact]
    public void The_mark_is_dropped_now_and_then()
    {
        var node = new NodeUnderTest(options => (options.PrefetchFactor, options.ReviewInterval) = (0, TimeSpan.FromMinutes(1))).IsHanded([.. Claims(1, 2)]).Succeeds(1);
        Assert.NotNull(node.The<ClaimTasks>().DueFrom);
        node.StoreClaims();

        node.AfterAWhile(TimeSpan.FromSeconds(14));
        Assert.NotNull(node.The<ClaimTasks>().DueFrom);
        node.StoreClaims().AfterAWhile(TimeSpan.FromSeconds(1));
        Assert.Null(node.The<ClaimTasks>().DueFrom);
    }

    [Fact]
    public void Tokens_of_claims_are_random_and_the_same_for_the_same_seed()
    {
        static long[] Tokens(int seed)
        {
            var node = new NodeUnderTest(seed: seed);
            return [.. Enumerable.Range(0, 3).Select(_ => node.When(new QueueHinted()).The<ClaimTasks>().Token * (node.StoreClaims() is null ? 0 : 1))];
        }

        Assert.Equal(Tokens(5), Tokens(5));
        Assert.Equal(3, Tokens(5).Distinct().Count());
        Assert.NotEqual(Tokens(5), Tokens(6));
    }

    private static IEnumerable<FaultTolerance.Grains.Tasks.TaskState> Claims(params int[] tasks)
    {
        var node = new NodeUnderTest();
        return tasks.Select(task => node.Claimed(task));
    }
}
