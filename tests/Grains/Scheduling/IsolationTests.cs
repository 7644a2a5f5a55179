using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>A task that two processes died with runs alone, so that its neighbours are charged no more. The node has 2 slots.</summary>
public sealed class IsolationTests
{
    [Fact]
    public void A_suspect_starts_at_once_on_a_node_that_does_nothing()
    {
        var node = new NodeUnderTest();

        node.IsHanded(Suspect(node, 1)).Starts(1);
    }

    [Fact]
    public void A_suspect_waits_until_nothing_runs_and_every_outcome_is_stored()
    {
        var node = new NodeUnderTest().Runs(1, 2);

        node.IsHanded(Suspect(node, 3)).Starts();
        node.Succeeds(1).Starts();
        node.Succeeds(2).Starts();
        node.StoreCommits().Starts();
        node.StoreCommits().Starts(3);
    }

    [Fact]
    public void Neighbours_that_wait_are_given_back()
    {
        var node = new NodeUnderTest();

        node.IsHanded(Suspect(node, 1), node.Claimed(2), Suspect(node, 3)).Starts();

        var released = node.The<CommitTasks>().Commits;
        Assert.Equal([NodeUnderTest.Id(2), NodeUnderTest.Id(3)], released.Select(commit => commit.Before.Id));
        Assert.All(released, commit => Assert.Equal((TaskPhase.Queued, 1), (commit.After.Phase, commit.After.Life.Unstarted)));
        Assert.True(node.StoreCommits().WantsAny<HintPeers>());
        node.Starts(1);
    }

    [Fact]
    public void Nothing_starts_is_claimed_or_born_beside_a_suspect()
    {
        var node = new NodeUnderTest();
        node.IsHanded(Suspect(node, 1)).Starts(1);

        node.When(new QueueHinted()).Wants();
        node.Submits(node.Call(2));
        Assert.Equal(TaskPhase.Queued, Assert.Single(node.The<InsertTasks>().Tasks).State.Phase);
        node.StoreInserts().Starts();

        node.Succeeds(1).Wants(typeof(CommitTasks), typeof(ClaimTasks));
        node.StoreClaims(node.Claimed(2)).Starts(2);
    }

    [Fact]
    public void What_was_under_way_when_the_suspect_came_is_given_back_when_it_arrives()
    {
        var node = new NodeUnderTest();
        node.Submits(node.Call(2));
        node.IsHanded(Suspect(node, 1)).Starts();

        node.StoreInserts().Starts();

        Assert.Equal(NodeUnderTest.Id(2), Assert.Single(node.The<CommitTasks>().Commits).Before.Id);
        node.StoreCommits().Starts(1);
    }

    [Fact]
    public void A_suspect_does_not_start_while_rows_may_be_owned_that_nobody_knows_of()
    {
        var node = new NodeUnderTest();
        node.Submits(node.Call(2));
        node.IsHanded(Suspect(node, 1)).Starts();

        node.StoreFails<InsertTasks>().Wants(typeof(RefuseSubmission), typeof(ListOwned));

        node.StoreLists(Suspect(node, 1), node.Claimed(2)).Wants(typeof(CommitTasks));
        node.StoreCommits().Starts(1);
    }

    [Fact]
    public void A_suspect_that_is_voided_before_it_starts_lets_the_others_in()
    {
        var node = new NodeUnderTest().Runs(1);
        node.IsHanded(Suspect(node, 2)).Starts();

        node.When(new AttemptVoided(NodeUnderTest.Id(2), 1)).Wants();

        node.IsHanded(node.Claimed(3)).Starts(3);
    }

    [Fact]
    public void A_suspect_that_is_voided_while_it_runs_stays_alone_until_it_ends()
    {
        var node = new NodeUnderTest();
        node.IsHanded(Suspect(node, 1)).Starts(1);

        node.When(new AttemptVoided(NodeUnderTest.Id(1), 1)).Wants(typeof(StopAttempt));

        node.When(new QueueHinted()).Wants();
        node.Fails(1, FailureKind.Cancelled).Wants(typeof(ClaimTasks));
    }

    [Fact]
    public void A_suspect_on_a_node_that_leaves_is_given_back()
    {
        var node = new NodeUnderTest().Runs(1);
        node.IsHanded(Suspect(node, 2)).Starts();

        var released = Assert.Single(node.When(new DrainStarted()).The<CommitTasks>().Commits);

        Assert.Equal(NodeUnderTest.Id(2), released.Before.Id);
        node.StoreCommits().Succeeds(1).StoreCommits();
        Assert.False(node.WantsAny<StartAttempt>());
    }

    [Fact]
    public void A_suspect_that_long_handlers_hold_up_is_put_off_and_others_go_on()
    {
        var node = new NodeUnderTest().Runs(1);
        node.IsHanded(Suspect(node, 2)).Starts();
        Assert.Equal(node.Monotonic + RunStage.LonersPatience, node.Pipeline.NextWake);

        var putOff = Assert.Single(node.AfterAWhile(RunStage.LonersPatience).The<CommitTasks>().Commits).After;

        Assert.Equal((TaskPhase.Queued, node.Now + RunStage.LonersPatience, 1), (putOff.Phase, putOff.Due, putOff.Life.Unstarted));
        node.StoreClaims(node.Claimed(3)).Starts(3);
    }

    [Fact]
    public void A_suspect_that_was_put_off_runs_once_the_node_is_empty()
    {
        var node = new NodeUnderTest().Runs(1);
        node.IsHanded(Suspect(node, 2)).AfterAWhile(RunStage.LonersPatience).StoreCommits().StoreClaims();

        node.Succeeds(1).StoreCommits();
        node.AfterAWhile(RunStage.LonersPatience).StoreClaims(Suspect(node, 2) with { Attempt = 2 }).Starts(2);
    }

    [Fact]
    public void A_suspect_is_put_off_for_longer_each_time()
    {
        var node = new NodeUnderTest().Runs(1);
        node.IsHanded(node.Claimed(2, charges: 2) with { Life = Grains.Tasks.TaskLife.New with { Charges = 2, Unstarted = 2 } });

        var putOff = Assert.Single(node.AfterAWhile(RunStage.LonersPatience).The<CommitTasks>().Commits).After;

        Assert.Equal(node.Now + (4 * RunStage.LonersPatience), putOff.Due);
    }

    [Fact]
    public void A_suspect_that_waits_for_other_tasks_lets_them_run()
    {
        var node = new NodeUnderTest();
        node.IsHanded(Suspect(node, 1)).Starts(1);

        node.When(new SlotLoanChanged(NodeUnderTest.Id(1), 1, true));

        node.Submits(node.Call(2)).StoreInserts().Starts(2);
    }

    private static Grains.Tasks.TaskState Suspect(NodeUnderTest node, int number) => node.Claimed(number, charges: 2);
}
