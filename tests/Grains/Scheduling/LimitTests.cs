using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>Limits in time hold for attempts that wait here for a slot, too. The node has 2 slots, both taken by long handlers.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(700);

    [Fact]
    public void A_deadline_that_passes_while_the_attempt_waits_ends_the_task_on_time()
    {
        var node = new NodeUnderTest().Runs(1, 2);
        node.IsHanded(node.Claimed(3) with { Deadline = node.Now + Limit }, node.Claimed(4));
        Assert.Equal(node.Now + Limit, node.Pipeline.NextDue);

        Ends(node.AfterAWhile(Limit), 3, FailureKind.DeadlineExceeded);

        Assert.Equal([NodeUnderTest.Id(4)], node.Pipeline.Waiting);
    }

    [Fact]
    public void A_pending_timeout_counts_from_when_the_task_was_due()
    {
        var node = new NodeUnderTest().Runs(1, 2);
        node.IsHanded(Pending(node.Claimed(3)) with { Due = node.Now - (Limit / 2) });

        node.AfterAWhile((Limit / 2) - TimeSpan.FromTicks(1)).Wants();
        Ends(node.AfterAWhile(TimeSpan.FromTicks(1)), 3, FailureKind.PendingTimeout);
    }

    [Fact]
    public void A_pending_timeout_counts_for_nothing_after_a_first_start()
    {
        var node = new NodeUnderTest().Runs(1, 2);
        var started = new AttemptRecord { Number = 1, Node = "n", ClaimedAt = node.Now, EndedAt = node.Now, Outcome = AttemptOutcome.Failed };
        node.IsHanded(Pending(node.Claimed(3, attempt: 2)) with { Life = TaskLife.New.With(started) });

        node.AfterAWhile(Limit).Wants();
    }

    [Fact]
    public void An_attempt_that_was_given_back_keeps_the_time_in_which_it_is_to_start()
    {
        var node = new NodeUnderTest().Runs(1, 2);
        var task = Pending(node.Claimed(3)) with { Due = node.Now - (Limit / 2) };
        node.IsHanded(task);

        var released = Assert.Single(node.When(new DrainStarted()).The<CommitTasks>().Commits).After;

        Assert.Equal(task.Due, released.Due);
    }

    [Fact]
    public void A_limit_that_passes_once_the_handler_runs_is_the_handlers_own()
    {
        var node = new NodeUnderTest();
        node.IsHanded(node.Claimed(3) with { Deadline = node.Now + Limit }).Starts(3);

        node.AfterAWhile(Limit).Wants();
    }

    [Fact]
    public void A_deadline_ends_a_suspect_that_waits_for_its_neighbours()
    {
        var node = new NodeUnderTest().Runs(1);
        node.IsHanded(node.Claimed(2, charges: 2) with { Deadline = node.Now + Limit });

        Ends(node.AfterAWhile(Limit), 2, FailureKind.DeadlineExceeded);
    }

    private static TaskState Pending(TaskState task) => task with { Spec = task.Spec with { PendingTimeout = Limit } };

    private static void Ends(NodeUnderTest node, int task, FailureKind kind)
    {
        var end = Assert.Single(node.The<CommitTasks>().Commits).After;
        Assert.Equal((NodeUnderTest.Id(task), TaskPhase.Failed, kind), (end.Id, end.Phase, end.Life.Failure!.Kind));
        Assert.Equal((AttemptOutcome.Failed, null), (end.Life.Attempts[^1].Outcome, end.Life.Attempts[^1].StartedAt));
    }
}
