using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>How a node leaves in order. It has 2 slots and takes on 4 attempts.</summary>
public sealed class DrainingTests
{
    [Fact]
    public void Handlers_that_ignore_their_tokens_are_given_up_at_no_cost_at_the_end_of_the_hand_over()
    {
        var node = new NodeUnderTest().Runs(1).When(new DrainStarted()).When(new DrainEnded());
        Assert.False(node.Pipeline.IsIdle);

        var handed = Assert.Single(node.When(new HandOverEnded()).The<CommitTasks>().Commits).After;

        Assert.Equal((TaskPhase.Queued, FailureKind.Drained, 0), (handed.Phase, handed.Life.Failure!.Kind, handed.Life.Charges));
        Assert.True(node.StoreCommits().Pipeline.IsIdle);
        node.Succeeds(1).Wants();
    }

    [Fact]
    public void What_waits_is_given_back_at_no_cost_and_what_runs_may_finish()
    {
        var node = NodeSituations.Handed(1, 2, 3, 4).Starts(1, 2);

        var released = node.When(new DrainStarted()).Wants(typeof(CommitTasks)).The<CommitTasks>().Commits;

        Assert.Equal([NodeUnderTest.Id(3), NodeUnderTest.Id(4)], released.Select(commit => commit.Before.Id));
        Assert.All(released, commit => Assert.Equal((TaskPhase.Queued, 0, 1), (commit.After.Phase, commit.After.Life.Retries.Count, commit.After.Life.Unstarted)));
        node.StoreCommits().Wants(typeof(ReportRequeued), typeof(ReportRequeued), typeof(HintPeers));
        node.Succeeds(1).Wants(typeof(CommitTasks)).StoreCommits();
    }

    [Fact]
    public void A_second_drain_changes_nothing()
    {
        var node = new NodeUnderTest().Runs(1).When(new DrainStarted());

        node.When(new DrainStarted()).Wants();
    }

    [Fact]
    public void What_is_handed_out_after_the_drain_began_is_given_back()
    {
        var node = new NodeUnderTest().When(new QueueHinted());
        node.Submits(node.Call(1)).When(new DrainStarted());

        node.StoreClaims(node.Claimed(2)).Wants(typeof(CommitTasks));
        node.StoreInserts().Wants(typeof(AnswerSubmission), typeof(CommitTasks));
        Assert.Empty(node.Pipeline.Waiting);
    }

    [Fact]
    public void Calls_are_still_accepted_but_left_to_others()
    {
        var node = new NodeUnderTest().When(new DrainStarted());

        node.Submits(node.Call(1));

        Assert.Equal(TaskPhase.Queued, Assert.Single(node.The<InsertTasks>().Tasks).State.Phase);
        node.StoreInserts().Wants(typeof(AnswerSubmission), typeof(HintPeers));
    }

    [Fact]
    public void At_the_drains_end_handlers_are_stopped_and_their_attempts_handed_over()
    {
        var node = new NodeUnderTest().Runs(1).When(new DrainStarted());

        Assert.Equal(StopReason.Drained, node.When(new DrainEnded()).The<StopAttempt>().Reason);
        node.When(new AttemptEnded(NodeUnderTest.Id(1), new AttemptReleased(1, NodeUnderTest.Incarnation, NodeUnderTest.Name, node.Now)));

        var handed = Assert.Single(node.The<CommitTasks>().Commits).After;
        Assert.Equal((TaskPhase.Queued, FailureKind.Drained, FailureResponse.Requeued), (handed.Phase, handed.Life.Failure!.Kind, handed.Life.Failure.Response));
    }

    [Fact]
    public void A_drain_that_ends_without_having_begun_still_takes_no_new_work()
    {
        var node = new NodeUnderTest().When(new DrainEnded());

        node.When(new QueueHinted()).Wants();
    }

    [Fact]
    public void A_node_may_leave_once_nothing_runs_is_owned_or_is_owed()
    {
        var node = NodeSituations.Handed(1, 2, 3).When(new DrainStarted());
        Assert.False(node.Pipeline.IsIdle);

        node.StoreCommits();
        Assert.False(node.Pipeline.IsIdle);
        node.Succeeds(1).StoreCommits().Succeeds(2).StoreCommits();
        Assert.False(node.Pipeline.IsIdle);
        node.Answer<ResolveEdges>(e => new DependentsFound(e.Operation, [])).Answer<ResolveEdges>(e => new DependentsFound(e.Operation, []));

        Assert.True(node.Pipeline.IsIdle);
    }

    [Fact]
    public void A_node_does_not_leave_while_a_claim_is_under_way_or_its_outcome_is_unknown()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).When(new DrainStarted());
        Assert.False(node.Pipeline.IsIdle);

        node.StoreFails<ClaimTasks>();
        Assert.False(node.Pipeline.IsIdle);

        node.AfterAWhile(node.Options.RepeatDelay).StoreLists(node.Claimed(1)).Wants(typeof(CommitTasks));
        Assert.False(node.Pipeline.IsIdle);
        node.StoreCommits();
        Assert.True(node.Pipeline.IsIdle);
    }

    [Fact]
    public void A_handler_that_was_given_up_on_does_not_keep_the_node()
    {
        var node = new NodeUnderTest().Runs(1).When(new DrainStarted(), new DrainEnded());
        node.When(new AttemptEnded(NodeUnderTest.Id(1), new AttemptReleased(1, NodeUnderTest.Incarnation, NodeUnderTest.Name, node.Now), KeepsSlot: true));

        Assert.True(node.StoreCommits().Pipeline.IsIdle);
    }

    [Fact]
    public void A_node_waits_for_the_submits_from_before_the_drain_and_for_none_of_those_that_keep_coming()
    {
        var node = new NodeUnderTest();
        node.Submits(node.Call(1, startAfter: TimeSpan.FromSeconds(10))).When(new DrainStarted());
        node.Submits(node.Call(2));
        Assert.False(node.Pipeline.IsIdle);

        node.StoreInserts();

        Assert.True(node.Pipeline.IsIdle);
        node.StoreInserts().Wants(typeof(AnswerSubmission), typeof(HintPeers));
    }

    [Fact]
    public void A_node_that_drains_looks_at_the_dependents_of_every_submit_and_waits_for_those_from_before_alone()
    {
        var node = new NodeUnderTest();
        node.Submits(node.Call(1, dependsOn: [101])).When(new DrainStarted());
        node.StoreInserts().Wants(typeof(AnswerSubmission), typeof(LookAtDependencies));
        var earlier = node.The<LookAtDependencies>();
        node.Submits(node.Call(2, dependsOn: [102])).StoreInserts().Wants(typeof(AnswerSubmission), typeof(LookAtDependencies));
        Assert.False(node.Pipeline.IsIdle);

        node.Answer(earlier, new DependentsFound(earlier.Operation, []));

        Assert.True(node.Pipeline.IsIdle);
        Assert.Single(node.Open.OfType<LookAtDependencies>());
    }
}
