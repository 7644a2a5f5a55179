using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>What a node does when an answer is lost that may have made it the owner of rows.</summary>
public sealed class ReconcilingTests
{
    private static readonly TimeSpan RepeatDelay = new TaskPipelineOptions().RepeatDelay;

    [Fact]
    public void After_an_insert_with_an_unknown_outcome_the_rows_born_here_are_adopted()
    {
        var node = new NodeUnderTest();

        node.Submits(node.Call(1), node.Call(2)).StoreFails<InsertTasks>().Wants(typeof(RefuseSubmission), typeof(ListOwned));

        node.StoreLists(node.Claimed(1), node.Claimed(2)).Starts(1, 2);
    }

    [Fact]
    public void After_a_claim_with_an_unknown_outcome_the_rows_claimed_are_adopted_once()
    {
        var node = new NodeUnderTest(options => options.Slots = 10).When(new QueueHinted());

        node.StoreFails<ClaimTasks>().Wants();
        node.AfterAWhile(RepeatDelay).Wants(typeof(ListOwned));
        node.StoreLists(node.Claimed(1), node.Claimed(2)).Starts(1, 2);
        node.StoreClaims().StoreFailsAClaim().AfterAWhile(RepeatDelay).StoreLists(node.Claimed(1), node.Claimed(2), node.Claimed(3)).Starts(3);
    }

    [Fact]
    public void Nothing_is_claimed_or_born_until_the_rows_are_listed()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).StoreFails<ClaimTasks>();

        node.When(new QueueHinted()).Wants();
        node.Submits(node.Call(1));
        Assert.Equal(TaskPhase.Queued, Assert.Single(node.The<InsertTasks>().Tasks).State.Phase);

        node.AfterAWhile(RepeatDelay).Wants(typeof(ListOwned));
        node.When(new QueueHinted()).Wants();
        node.StoreLists().Wants(typeof(ClaimTasks));
    }

    [Fact]
    public void The_list_waits_for_births_under_way_and_asks_for_no_tick_meanwhile()
    {
        var node = new NodeUnderTest();
        node.Submits(node.Call(1)).Submits(node.Call(2));

        node.StoreFails<InsertTasks>().Wants(typeof(RefuseSubmission));
        Assert.Null(node.Pipeline.NextWake);

        node.StoreInserts();
        Assert.True(node.WantsAny<ListOwned>());
    }

    [Fact]
    public void The_list_does_not_wait_for_inserts_that_make_nobody_an_owner()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).StoreFails<ClaimTasks>();
        node.Submits(node.Call(1));

        node.AfterAWhile(RepeatDelay);

        Assert.True(node.WantsAny<ListOwned>());
    }

    [Fact]
    public void A_list_that_fails_is_repeated()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).StoreFails<ClaimTasks>().AfterAWhile(RepeatDelay);

        node.StoreFails<ListOwned>().Wants();
        Assert.Equal(node.Monotonic + RepeatDelay, node.Pipeline.NextWake);
        node.AfterAWhile(RepeatDelay).Wants(typeof(ListOwned));
    }

    [Fact]
    public void The_rows_are_listed_again_when_a_late_write_can_land_no_more()
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromMinutes(1));
        node.When(new QueueHinted()).StoreFails<ClaimTasks>().AfterAWhile(RepeatDelay).StoreLists().StoreClaims();
        Assert.True(node.Pipeline.NextWake < node.Monotonic + ClaimStage.LongestWrite);

        node.AfterAWhile(ClaimStage.LongestWrite - RepeatDelay).Wants(typeof(ListOwned));

        node.StoreLists(node.Claimed(1)).Starts(1);
        node.StoreClaims().Succeeds(1).StoreCommits();
        Assert.False(node.AfterAWhile(ClaimStage.LongestWrite * 2).WantsAny<ListOwned>());
    }

    [Fact]
    public void A_step_of_the_stores_clock_does_not_bring_the_second_list_forward_for_the_write_may_still_land()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).StoreFails<ClaimTasks>();
        node.AfterAWhile(RepeatDelay).StoreLists().StoreClaims();

        node.StoreClockSteps(ClaimStage.LongestWrite).Wants();

        Assert.True(node.AfterAWhile(ClaimStage.LongestWrite - RepeatDelay).WantsAny<ListOwned>());
    }

    [Fact]
    public void An_attempt_whose_outcome_is_being_committed_is_not_adopted()
    {
        var node = new NodeUnderTest().Runs(1).When(new QueueHinted());
        node.Succeeds(1).Wants(typeof(CommitTasks));

        node.StoreFails<ClaimTasks>().AfterAWhile(RepeatDelay);

        node.StoreLists(node.Claimed(1)).Starts();
    }

    [Fact]
    public void An_attempt_whose_commit_failed_is_not_adopted()
    {
        var node = new NodeUnderTest().Runs(1).When(new QueueHinted());
        node.Succeeds(1).StoreFails<CommitTasks>().StoreFails<ClaimTasks>();
        node.AfterAWhile(RepeatDelay);

        node.StoreLists(node.Claimed(1)).Starts();
    }

    [Fact]
    public void An_attempt_that_ends_while_the_rows_are_listed_is_not_adopted()
    {
        var node = new NodeUnderTest().Runs(1).When(new QueueHinted()).StoreFails<ClaimTasks>().AfterAWhile(RepeatDelay);

        node.Succeeds(1).StoreCommits();

        node.StoreLists(node.Claimed(1)).Starts();
    }

    [Fact]
    public void An_attempt_that_is_voided_while_the_rows_are_listed_is_not_adopted()
    {
        var node = new NodeUnderTest().Runs(1).When(new QueueHinted()).StoreFails<ClaimTasks>().AfterAWhile(RepeatDelay);

        node.When(new AttemptVoided(NodeUnderTest.Id(1), 1)).Wants(typeof(StopAttempt));

        node.StoreLists(node.Claimed(1)).Starts();
    }

    [Fact]
    public void An_attempt_that_runs_is_not_adopted_but_a_later_one_that_came_unknown_is()
    {
        var node = new NodeUnderTest().Runs(1).When(new QueueHinted()).StoreFails<ClaimTasks>();
        node.AfterAWhile(RepeatDelay).StoreLists(node.Claimed(1)).Starts();

        node.Fails(1, FailureKind.Timeout).StoreCommits().StoreFailsAClaim().AfterAWhile(RepeatDelay);

        var task = node.Claimed(1, attempt: 2);
        Assert.Equal(2, node.StoreLists(task).The<StartAttempt>().Task.Attempt);
    }

    [Fact]
    public void An_attempt_that_is_voided_unheard_is_stopped_once_it_has_run_for_long()
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromMinutes(1)).Runs(1).Runs(2);
        node.AfterAWhile(node.Options.ReviewInterval).Wants(typeof(ListOwned));

        var stopped = node.StoreLists(node.Claimed(1)).The<StopAttempt>();

        Assert.Equal((NodeUnderTest.Id(2), 1, StopReason.Voided), (stopped.Task, stopped.Attempt, stopped.Reason));
    }

    [Fact]
    public void An_attempt_that_others_have_given_to_this_node_again_replaces_the_one_it_runs()
    {
        var node = new NodeUnderTest().Runs(1).AfterAWhile(new TaskPipelineOptions().ReviewInterval);

        node.StoreLists(node.Claimed(1, attempt: 2)).Wants(typeof(StopAttempt), typeof(StartAttempt), typeof(ClaimTasks));
        Assert.Equal(2, node.The<StartAttempt>().Task.Attempt);
    }

    [Fact]
    public void Nothing_is_listed_for_attempts_that_are_short()
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromMinutes(10)).Runs(1);
        for (var half = 0; half < 10; half++)
        {
            node.AfterAWhile(node.Options.ReviewInterval / 2).Wants();
            node.Runs(half + 2).Succeeds(half + 1).StoreCommits();
        }

        Assert.False(node.WantsAny<ListOwned>());
    }

    [Fact]
    public void A_failed_insert_of_queued_tasks_leaves_nothing_to_reconcile()
    {
        var node = new NodeUnderTest().When(new DrainStarted());

        node.Submits(node.Call(1)).StoreFails<InsertTasks>().Wants(typeof(RefuseSubmission));
    }

    [Fact]
    public void An_answer_that_nobody_waits_for_is_a_defect()
    {
        var node = new NodeUnderTest();

        Assert.Throws<System.Diagnostics.UnreachableException>(() => node.When(new TasksClaimed(4711, [])));
        Assert.Throws<System.Diagnostics.UnreachableException>(() => node.When(new TasksInserted(4711, [TaskWriteResult.Applied])));
    }
}
