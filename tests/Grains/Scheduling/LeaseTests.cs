using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>What a node does at the end of its lease, and when the lease comes back. It has 2 slots and takes on 4 attempts.</summary>
public sealed class LeaseTests
{
    private static readonly LeaseChanged Lost = new(false);
    private static readonly LeaseChanged Held = new(true);

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
        var ends = new DateTimeOffset(2026, 3, 1, 12, 0, 10, TimeSpan.Zero);
        var node = new NodeUnderTest(options => options.IdlePoll = TimeSpan.FromMinutes(1), leaseEnds: ends).Runs(1);

        Assert.Equal(ends, node.Pipeline.NextWake);
        node.AfterAWhile(ends - node.Now - TimeSpan.FromTicks(1)).Wants();
        node.AfterAWhile(TimeSpan.FromTicks(1)).Wants(typeof(StopAttempt));
        Assert.Equal(DateTimeOffset.MaxValue, node.Pipeline.NextWake);
    }

    [Fact]
    public void A_node_that_slept_past_its_lease_starts_nothing_that_arrives_as_it_wakes()
    {
        var node = new NodeUnderTest(leaseEnds: new DateTimeOffset(2026, 3, 1, 12, 0, 10, TimeSpan.Zero)).When(new QueueHinted());
        node.Submits(node.Call(1));

        node.Sleeps(TimeSpan.FromSeconds(20));

        node.StoreClaims(node.Claimed(2)).Starts();
        node.StoreInserts().Starts();
    }

    [Fact]
    public void A_renewal_that_waits_when_the_node_wakes_counts()
    {
        var node = new NodeUnderTest(leaseEnds: new DateTimeOffset(2026, 3, 1, 12, 0, 10, TimeSpan.Zero)).Runs(1);

        node.Sleeps(TimeSpan.FromSeconds(20));
        node.When(new Ticked(), new LeaseChanged(true, node.Now.AddSeconds(5)));

        Assert.False(node.WantsAny<StopAttempt>());
    }

    [Fact]
    public void Outcomes_are_held_without_the_lease_and_written_when_it_comes_back()
    {
        var node = new NodeUnderTest().Runs(1, 2).When(Lost);

        node.Succeeds(1).Wants();
        node.Fails(2, FailureKind.NodeLost).Wants();
        Assert.Equal(DateTimeOffset.MaxValue, node.Pipeline.NextWake);

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
    public void A_node_without_its_lease_owes_nothing()
    {
        var node = NodeSituations.Handed(1, 2, 3).When(Lost);
        Assert.False(node.Pipeline.IsIdle);

        node.Succeeds(1).Fails(2, FailureKind.NodeLost);

        Assert.True(node.Pipeline.IsIdle);
    }

    [Fact]
    public void Dependents_are_woken_without_the_lease_too()
    {
        // Resolving and waking are conditional writes that are right whoever makes them.
        var node = new NodeUnderTest().Runs(1).Succeeds(1).When(Lost);

        node.StoreCommits().Wants(typeof(AnnounceEnd), typeof(ResolveEdges));
    }
}
