using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>How attempts get their slots. The node has 2 slots and claims 2 more attempts.</summary>
public sealed class RunningTests
{
    [Fact]
    public void Attempts_start_in_the_order_in_which_they_came_as_slots_become_free()
    {
        var node = NodeSituations.Handed(1, 2, 3, 4).Starts(1, 2);

        node.Succeeds(2).Starts(3);
        node.Succeeds(1).Starts(4);
        node.Succeeds(3).Starts();
    }

    [Fact]
    public void A_handler_that_was_given_up_on_keeps_its_slot_until_it_has_really_ended()
    {
        var node = NodeSituations.Handed(1, 2, 3, 4).Starts(1, 2);

        node.Fails(1, FailureKind.Timeout, keepsSlot: true).Starts();
        Assert.True(node.WantsAny<CommitTasks>());
        node.When(new SlotFreed(NodeUnderTest.Id(1), 1)).Starts(3);
        node.When(new SlotFreed(NodeUnderTest.Id(1), 1)).Starts();
    }

    [Fact]
    public void A_handler_that_keeps_its_slot_does_not_count_as_running()
    {
        var node = new NodeUnderTest().Runs(1).Fails(1, FailureKind.Timeout, keepsSlot: true);

        Assert.Equal((0, 1), (node.Pipeline.Running, node.Pipeline.Hung));
        node.When(new SlotFreed(NodeUnderTest.Id(1), 1));
        Assert.Equal(0, node.Pipeline.Hung);
    }

    [Fact]
    public void A_voided_attempt_that_runs_is_stopped_and_keeps_its_slot_until_it_ends()
    {
        var node = NodeSituations.Handed(1, 2, 3).Starts(1, 2);

        var stop = node.When(new AttemptVoided(NodeUnderTest.Id(1), 1)).Wants(typeof(StopAttempt)).The<StopAttempt>();

        Assert.Equal((NodeUnderTest.Id(1), 1, StopReason.Voided), (stop.Task, stop.Attempt, stop.Reason));
        node.Fails(1, FailureKind.Cancelled).Starts(3);
        Assert.False(node.WantsAny<CommitTasks>());
    }

    [Fact]
    public void A_voided_attempt_that_waits_never_starts()
    {
        var node = NodeSituations.Handed(1, 2, 3, 4).Starts(1, 2);

        node.When(new AttemptVoided(NodeUnderTest.Id(3), 1)).Starts();
        Assert.False(node.WantsAny<StopAttempt>());

        node.Succeeds(1).Starts(4);
    }

    [Fact]
    public void Voiding_another_attempt_or_an_unknown_task_does_nothing()
    {
        var node = new NodeUnderTest().Runs(1);

        node.When(new AttemptVoided(NodeUnderTest.Id(1), 2), new AttemptVoided(NodeUnderTest.Id(9), 1)).Wants();
        Assert.True(node.Succeeds(1).WantsAny<CommitTasks>());
    }

    [Fact]
    public void A_late_report_of_an_attempt_that_is_not_here_changes_nothing()
    {
        var node = new NodeUnderTest().Runs(1);

        node.Succeeds(1, attempt: 2).Wants();
        node.Succeeds(9).Wants();
        Assert.True(node.Succeeds(1).WantsAny<CommitTasks>());
        Assert.False(node.Succeeds(1).WantsAny<CommitTasks>());
    }

    [Fact]
    public void A_later_attempt_of_a_task_may_run_where_an_earlier_one_was_given_up_on()
    {
        var node = new NodeUnderTest().Runs(1).Fails(1, FailureKind.Timeout, keepsSlot: true).StoreCommits();

        node.IsHanded(node.Claimed(1, attempt: 2)).Starts(1);
        node.When(new SlotFreed(NodeUnderTest.Id(1), 1));
        Assert.Equal(TaskPhase.Succeeded, node.Succeeds(1, attempt: 2).The<CommitTasks>().Commits[0].After.Phase);
    }

    [Fact]
    public void An_attempt_that_was_replaced_while_it_waited_never_starts()
    {
        var node = new NodeUnderTest(options => (options.Slots, options.PrefetchFactor) = (1, 5)).Runs(9);
        node.IsHanded(node.Claimed(1)).Starts();

        node.IsHanded(node.Claimed(1, attempt: 2));

        Assert.Equal(2, node.Succeeds(9).The<StartAttempt>().Task.Attempt);
        node.Succeeds(1, attempt: 2).Starts();
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_ended_instead_of_failing_every_claim()
    {
        var node = new NodeUnderTest();

        node.IsHanded(node.Claimed(1) with { Damage = "A part is missing." }, node.Claimed(2)).Starts(2);

        var end = Assert.Single(node.The<CommitTasks>().Commits).After;
        Assert.Equal((TaskPhase.Failed, FailureKind.InvalidCall, "A part is missing."), (end.Phase, end.Life.Failure!.Kind, end.Life.Failure.Message));
    }

    [Fact]
    public void The_node_names_as_waiting_exactly_what_has_not_started()
    {
        var node = NodeSituations.Handed(1, 2, 3);

        Assert.Equal([NodeUnderTest.Id(3)], node.Pipeline.Waiting);
        Assert.Equal(2, node.Pipeline.Running);
    }
}
