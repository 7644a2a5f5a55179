using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>A node that is kept from work, and one that is let back slowly. It has 2 slots and takes on 4 attempts.</summary>
public sealed class IntakeTests
{
    private static readonly TimeSpan IdlePoll = new TaskPipelineOptions().IdlePoll;

    [Fact]
    public void What_waits_is_given_back_at_no_cost_and_what_runs_goes_on()
    {
        var node = NodeSituations.Handed(1, 2, 3, 4).Starts(1, 2);

        var released = node.When(new IntakeChanged(0)).Wants(typeof(CommitTasks)).The<CommitTasks>().Commits;

        Assert.Equal([NodeUnderTest.Id(3), NodeUnderTest.Id(4)], released.Select(commit => commit.Before.Id));
        Assert.All(released, commit => Assert.Equal((TaskPhase.Queued, 0), (commit.After.Phase, commit.After.Life.Retries.Count)));
        node.StoreCommits();
        node.Succeeds(1).Wants(typeof(CommitTasks));
    }

    [Fact]
    public void It_claims_nothing_and_leaves_calls_to_others()
    {
        var node = new NodeUnderTest().When(new IntakeChanged(0));

        node.When(new QueueHinted()).Wants();
        node.AfterAWhile(IdlePoll * 2).Wants();
        node.Submits(node.Call(1));
        Assert.Equal(TaskPhase.Queued, Assert.Single(node.The<InsertTasks>().Tasks).State.Phase);
        node.StoreInserts().Wants(typeof(AnswerSubmission), typeof(HintPeers));
    }

    [Fact]
    public void Handed_out_too_late_a_task_is_given_back()
    {
        var node = new NodeUnderTest().When(new QueueHinted()).When(new IntakeChanged(0));

        node.StoreClaims(node.Claimed(1)).Wants(typeof(CommitTasks));

        Assert.Empty(node.Pipeline.Waiting);
    }

    [Fact]
    public void Let_back_with_one_slot_it_takes_one_attempt_and_none_ahead()
    {
        var node = new NodeUnderTest().When(new IntakeChanged(0)).When(new IntakeChanged(1));

        Assert.Equal(1, node.The<ClaimTasks>().Limit);
        node.StoreClaims(node.Claimed(1)).Starts(1);
        node.When(new QueueHinted()).Wants();
        node.Submits(node.Call(2));
        Assert.Equal(TaskPhase.Queued, Assert.Single(node.The<InsertTasks>().Tasks).State.Phase);
    }

    [Fact]
    public void Let_back_wholly_it_takes_on_what_it_did_before()
    {
        var node = new NodeUnderTest().When(new IntakeChanged(1)).StoreClaims();

        Assert.Equal(4, node.When(new IntakeChanged(null)).The<ClaimTasks>().Limit);
    }

    [Fact]
    public void More_run_than_it_may_and_nothing_starts_until_they_have_ended()
    {
        var node = NodeSituations.Handed(1, 2, 3).Starts(1, 2).When(new IntakeChanged(1));

        Assert.Empty(node.Succeeds(1).Started);
        node.Succeeds(2).Starts(3);
    }

    [Fact]
    public void How_attempts_ended_is_counted_by_handler()
    {
        var node = NodeSituations.Handed(1, 2, 3).Starts(1, 2);

        node.Succeeds(1);
        var failure = new TaskFailure { Kind = FailureKind.UserException, Message = "It failed." };
        node.When(new AttemptEnded(NodeUnderTest.Id(2), new AttemptFailed(1, NodeUnderTest.Incarnation, NodeUnderTest.Name, node.Now, failure, MayRetry: false)));
        node.When(new AttemptEnded(NodeUnderTest.Id(3), new AttemptReleased(1, NodeUnderTest.Incarnation, NodeUnderTest.Name, node.Now)));

        Assert.Equal([new HandlerTally("work@1", 1, 1)], node.Pipeline.Ended);
    }
}
