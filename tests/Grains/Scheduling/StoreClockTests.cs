using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>Somebody sets the store's clock back by an hour. What the node waits for itself goes on as if nothing had happened. It has 2 slots and takes on 4 attempts.</summary>
public sealed class StoreClockTests
{
    private static readonly TimeSpan Back = TimeSpan.FromHours(-1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void A_commit_that_failed_is_repeated_after_its_pause()
    {
        var node = new NodeUnderTest().Runs(1).Succeeds(1).StoreFails<CommitTasks>().StoreClockSteps(Back);

        Assert.False(node.AfterAWhile(node.Options.RepeatDelay - Tick).WantsAny<CommitTasks>());
        Assert.True(node.AfterAWhile(Tick).WantsAny<CommitTasks>());
    }

    [Fact]
    public void A_save_that_failed_is_repeated_after_its_pause()
    {
        var node = new NodeUnderTest().Runs(1).StoreFailsASave(1).StoreClockSteps(Back);

        Assert.True(node.AfterAWhile(node.Options.RepeatDelay).WantsAny<CommitTasks>());
    }

    [Fact]
    public void A_wake_that_failed_is_repeated_after_its_pause()
    {
        var node = new NodeUnderTest().Runs(1).Succeeds(1).StoreCommits().StoreFails<ResolveEdges>().StoreClockSteps(Back);

        Assert.True(node.AfterAWhile(node.Options.RepeatDelay).WantsAny<ResolveEdges>());
    }

    [Fact]
    public void An_idle_node_goes_on_looking_for_work()
    {
        var node = new NodeUnderTest().StoreClockSteps(Back);
        Assert.Equal(node.Options.IdlePoll, node.NextTick);

        node.AfterAWhile(node.Options.IdlePoll).Wants(typeof(ClaimTasks));

        node.StoreClaims(node.Claimed(1)).Starts(1);
    }

    [Fact]
    public void Rows_that_came_unknown_are_listed_after_the_pause()
    {
        var node = new NodeUnderTest().StoreFailsAClaim().StoreClockSteps(Back);

        Assert.True(node.AfterAWhile(node.Options.RepeatDelay).WantsAny<ListOwned>());
    }

    [Fact]
    public void Long_attempts_are_reviewed_in_time()
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromMinutes(1)).Runs(1).StoreClockSteps(Back);

        node.AfterAWhile(node.Options.ReviewInterval).Wants(typeof(ListOwned));
    }

    [Fact]
    public void What_was_claimed_afterwards_and_waits_behind_long_handlers_is_kept_while_nobody_could_claim_it()
    {
        var node = new NodeUnderTest().StoreClockSteps(Back);
        node.IsHanded(node.Claimed(1), node.Claimed(2), node.Claimed(3), node.Claimed(4)).Starts(1, 2);

        Assert.False(node.AfterAWhile(PrefetchWindow.Patience).WantsAny<CommitTasks>());
    }

    [Fact]
    public void What_waits_behind_long_handlers_is_kept_while_nobody_could_claim_it()
    {
        var node = NodeSituations.Handed(1, 2, 3, 4).Starts(1, 2).StoreClockSteps(Back);

        Assert.False(node.AfterAWhile(PrefetchWindow.Patience).WantsAny<CommitTasks>());
        Assert.InRange(node.NextTick!.Value, Tick, node.Options.ReviewInterval); // it asks for no tick that has passed
        Assert.Equal([NodeUnderTest.Id(3)], node.Succeeds(1).Started);

        var released = node.AfterAWhile(PrefetchWindow.Patience - Back).The<CommitTasks>().Commits;
        Assert.Contains(NodeUnderTest.Id(4), released.Select(commit => commit.Before.Id));
    }

    [Fact]
    public void A_suspect_that_long_handlers_hold_up_is_put_off_in_time()
    {
        var node = new NodeUnderTest().Runs(1);
        node.IsHanded(node.Claimed(2, charges: 2)).Starts().StoreClockSteps(Back);

        Assert.Equal(NodeUnderTest.Id(2), Assert.Single(node.AfterAWhile(RunStage.LonersPatience).The<CommitTasks>().Commits).Before.Id);
    }

    [Fact]
    public void A_long_attempt_does_not_count_as_a_short_one()
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromHours(1)).RunsMany(400, TimeSpan.FromMilliseconds(1));

        node.Runs(1).StoreClockSteps(Back).Sleeps(TimeSpan.FromSeconds(20)).Succeeds(1).StoreCommits();

        Assert.Equal(4, node.When(new QueueHinted()).The<ClaimTasks>().Limit);
    }

    [Fact]
    public void The_mark_below_which_no_rows_are_looked_for_is_dropped_in_time()
    {
        var node = new NodeUnderTest(options => (options.PrefetchFactor, options.ReviewInterval) = (0, TimeSpan.FromMinutes(1)));
        node.IsHanded(node.Claimed(1), node.Claimed(2)).Succeeds(1);
        Assert.NotNull(node.The<ClaimTasks>().DueFrom);
        node.StoreClaims().StoreClockSteps(Back);

        Assert.Null(node.AfterAWhile(TimeSpan.FromSeconds(15)).The<ClaimTasks>().DueFrom);
    }

    [Fact]
    public void What_stands_in_a_row_is_due_when_the_store_says_so()
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromHours(2));
        node.Submits(node.Call(1, startAfter: TimeSpan.FromSeconds(10))).StoreInserts().StoreClockSteps(Back);

        Assert.Equal(TimeSpan.FromSeconds(10) - Back, node.NextTick);
        Assert.True(node.AfterAWhile(TimeSpan.FromSeconds(10) - Back).WantsAny<ClaimTasks>());
    }
}
