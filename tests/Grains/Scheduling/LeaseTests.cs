using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>What a node does at the end of its lease, and when the lease comes back. It has 2 slots and takes on 4 attempts.</summary>
public sealed class LeaseTests
{
    private static readonly LeaseChanged Lost = new(false);
    private static readonly LeaseChanged Held = new(true);
    private static readonly TimeSpan InTenSeconds = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_node_that_loses_its_lease_stops_its_handlers_and_starts_no_more()
    {
        var node = NodeSituations.Handed(1, 2, 3).Starts(1, 2);

        node.When(Lost).Wants(typeof(StopAttempt), typeof(StopAttempt));

        Assert.All(node.Wanted.OfType<StopAttempt>(), stop => Assert.Equal(StopReason.LeaseLost, stop.Reason));
        node.When(Lost).Wants();
        node.Fails(1, FailureKind.NodeLost).Wants();
        node.Fails(2, FailureKind.NodeLost).Wants();
        node.When(new QueueHinted()).Wants();
    }

    [Fact]
    public void The_lease_ends_by_itself_when_its_time_is_over()
    {
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromMinutes(1), leaseEnds: InTenSeconds).Runs(1);

        Assert.Equal(InTenSeconds, node.Pipeline.NextWake);
        node.AfterAWhile(InTenSeconds - TimeSpan.FromTicks(1)).Wants();
        node.AfterAWhile(TimeSpan.FromTicks(1)).Wants(typeof(StopAttempt));
        Assert.Null(node.Pipeline.NextWake);
    }

    [Fact]
    public void A_node_that_slept_past_its_lease_starts_nothing_that_arrives_as_it_wakes()
    {
        var node = new NodeUnderTest(leaseEnds: InTenSeconds).When(new QueueHinted());
        node.Submits(node.Call(1));

        node.Sleeps(TimeSpan.FromSeconds(20));

        node.StoreClaims(node.Claimed(2)).Starts();
        node.StoreInserts().Starts();
    }

    [Fact]
    public void A_renewal_that_waits_when_the_node_wakes_counts()
    {
        var node = new NodeUnderTest(leaseEnds: InTenSeconds).Runs(1);

        node.Sleeps(TimeSpan.FromSeconds(20));
        node.When(new Ticked(), new LeaseChanged(true, node.Monotonic + TimeSpan.FromSeconds(5)));

        Assert.False(node.WantsAny<StopAttempt>());
    }

    [Fact]
    public void The_lease_does_not_end_when_the_clock_of_the_store_is_put_forward()
    {
        var node = new NodeUnderTest(leaseEnds: InTenSeconds).Runs(1);

        node.StoreClockSteps(TimeSpan.FromMinutes(10));

        Assert.False(node.WantsAny<StopAttempt>());
        Assert.True(node.AfterAWhile(InTenSeconds).WantsAny<StopAttempt>());
    }

    [Fact]
    public void The_lease_ends_on_time_when_the_clock_of_the_store_is_put_back()
    {
        var node = new NodeUnderTest(leaseEnds: InTenSeconds).Runs(1).StoreClockSteps(TimeSpan.FromMinutes(-10));

        Assert.False(node.AfterAWhile(InTenSeconds - TimeSpan.FromTicks(1)).WantsAny<StopAttempt>());
        Assert.True(node.AfterAWhile(TimeSpan.FromTicks(1)).WantsAny<StopAttempt>());
    }

    [Fact]
    public void In_an_outage_that_all_share_what_runs_outlasts_the_lease_and_nothing_else_is_done()
    {
        var node = new NodeUnderTest(leaseEnds: InTenSeconds);
        node.IsHanded(node.Claimed(1), node.Claimed(2), node.Claimed(3)).Starts(1, 2);
        node.When(new OutageShared(2 * InTenSeconds));

        Assert.False(node.AfterAWhile(InTenSeconds).WantsAny<StopAttempt>());
        Assert.Equal(2 * InTenSeconds, node.Pipeline.NextWake);
        node.Succeeds(1).Wants();
        node.When(new QueueHinted()).Wants();

        Assert.Equal(NodeUnderTest.Id(2), node.AfterAWhile(InTenSeconds).The<StopAttempt>().Task);
    }

    [Fact]
    public void When_the_store_is_back_the_outcomes_of_the_outage_are_written_and_nothing_was_stopped()
    {
        var node = new NodeUnderTest(leaseEnds: InTenSeconds).Runs(1, 2).When(new OutageShared(2 * InTenSeconds));
        node.AfterAWhile(InTenSeconds).Succeeds(1);

        node.When(new LeaseChanged(true, 2 * InTenSeconds));

        Assert.Equal(NodeUnderTest.Id(1), Assert.Single(node.The<CommitTasks>().Commits).Before.Id);
        Assert.False(node.WantsAny<StopAttempt>());
    }

    [Fact]
    public void A_node_whose_life_is_over_does_not_go_on_in_an_outage()
    {
        var node = new NodeUnderTest(leaseEnds: InTenSeconds).Runs(1).When(new OutageShared(2 * InTenSeconds));

        Assert.True(node.When(Lost).WantsAny<StopAttempt>());
    }

    [Fact]
    public void Outcomes_are_held_without_the_lease_and_written_when_it_comes_back()
    {
        var node = new NodeUnderTest().Runs(1, 2).When(Lost);

        node.Succeeds(1).Wants();
        node.Fails(2, FailureKind.NodeLost).Wants();
        Assert.Null(node.Pipeline.NextWake);

        Assert.Equal([TaskPhase.Succeeded, TaskPhase.Queued], node.When(Held).The<CommitTasks>().Commits.Select(commit => commit.After.Phase));
    }

    [Fact]
    public void A_commit_that_fails_after_the_lease_is_lost_is_not_repeated_without_it()
    {
        var node = new NodeUnderTest().Runs(1).Succeeds(1).When(Lost);

        node.StoreFails<CommitTasks>().Wants();
        node.AfterAWhile(TimeSpan.FromMinutes(1)).Wants();

        Assert.True(node.When(Held).WantsAny<CommitTasks>());
    }

    [Fact]
    public void What_waited_is_given_back_at_no_cost_when_the_lease_comes_back()
    {
        var node = NodeSituations.Handed(1, 2, 3).Starts(1, 2).When(Lost);
        Assert.Empty(node.Pipeline.Waiting);

        var given = Assert.Single(node.When(Held).Starts().The<CommitTasks>().Commits);

        Assert.Equal((NodeUnderTest.Id(3), TaskPhase.Queued, 1), (given.Before.Id, given.After.Phase, given.After.Life.Unstarted));
    }

    [Fact]
    public void What_is_handed_out_after_the_lease_is_lost_is_given_back_too()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).When(Lost);

        node.StoreClaims(node.Claimed(1)).Wants();

        Assert.Equal(NodeUnderTest.Id(1), Assert.Single(node.When(Held).Starts().The<CommitTasks>().Commits).Before.Id);
    }

    [Fact]
    public void A_claim_that_failed_without_the_lease_is_settled_when_it_comes_back()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).When(Lost).StoreFails<ClaimTasks>();
        node.AfterAWhile(TimeSpan.FromMinutes(1)).Wants();

        node.When(Held).Wants(typeof(ListOwned));
        node.StoreLists(node.Claimed(1)).Starts(1);
    }

    [Fact]
    public void A_node_without_its_lease_owes_what_it_holds_until_the_lease_is_back()
    {
        var node = NodeSituations.Handed(1, 2, 3).When(Lost);
        Assert.False(node.Pipeline.IsIdle);

        node.Fails(1, FailureKind.NodeLost).Fails(2, FailureKind.NodeLost);
        Assert.False(node.Pipeline.IsIdle);

        node.When(new DrainStarted()).When(Held);
        Assert.True(node.StoreCommits().Pipeline.IsIdle);
    }

    [Fact]
    public void Dependents_are_woken_without_the_lease_too()
    {
        // Resolving and waking are conditional writes that are right whoever makes them.
        var node = new NodeUnderTest().Runs(1).Succeeds(1).When(Lost);

        node.StoreCommits().Wants(typeof(AnnounceEnd), typeof(ResolveEdges));
    }
}
