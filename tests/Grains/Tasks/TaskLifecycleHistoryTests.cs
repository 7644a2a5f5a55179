using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Tasks;

/// <summary>What a task's life tells afterwards: every failure in full, every attempt, who is guilty.</summary>
public sealed class TaskLifecycleHistoryTests
{
    [Fact]
    public void A_success_ends_the_task_and_clears_the_failure_of_earlier_attempts()
    {
        var task = TaskLives.Running();
        task = task.After(task.LosesOwner()).State.Claimed();

        var end = task.After(task.Succeeds());

        Assert.True(end.IsEnd);
        Assert.Equal((TaskPhase.Succeeded, NodeIncarnation.None), (end.State.Phase, end.State.Owner));
        Assert.Equal(TaskLives.Now, end.State.Finished);
        Assert.Null(end.State.Life.Failure);
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Succeeded], end.State.Life.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(FailureKind.NodeLost, end.State.Life.Attempts[0].Failure!.Kind);
    }

    [Fact]
    public void An_attempts_record_says_who_ran_it_and_when()
    {
        var task = TaskLives.Running();

        var record = Assert.Single(task.After(task.Succeeds()).State.Life.Attempts);

        Assert.Equal((1, TaskLives.Node, TaskLives.Owner), (record.Number, record.Node, record.Incarnation));
        Assert.Equal(task.Claimed, record.ClaimedAt);
        Assert.Equal(TaskLives.Now.AddSeconds(-5), record.StartedAt);
        Assert.Equal(TaskLives.Now, record.EndedAt);
    }

    [Theory]
    [InlineData(FailureKind.Crash)]
    [InlineData(FailureKind.NodeLost)]
    public void A_death_is_told_with_kind_node_attempt_and_the_time_of_the_retry(FailureKind kind)
    {
        var task = TaskLives.Running();

        var failure = task.After(task.LosesOwner(kind)).State.Life.Failure!;

        Assert.Equal((kind, TaskLives.Id, 1, TaskLives.Node), (failure.Kind, failure.TaskId, failure.Attempt, failure.Node));
        Assert.Equal((TaskLives.Now, FailureResponse.Retried), (failure.At, failure.Response));
        Assert.Equal(TaskLives.Now, failure.RetryAt);
        Assert.Contains(TaskLives.Node, failure.Message);
    }

    [Fact]
    public void A_drain_is_told_with_the_node_that_left()
    {
        var task = TaskLives.Running();

        var failure = task.After(task.IsReleased(afterStart: true)).State.Life.Failure!;

        Assert.Equal((FailureKind.Drained, TaskLives.Node, 1), (failure.Kind, failure.Node, failure.Attempt));
        Assert.Equal(FailureResponse.Requeued, failure.Response);
        Assert.Equal(TaskLives.Now, failure.RetryAt);
    }

    [Fact]
    public void An_exception_keeps_its_type_its_stack_and_its_causes()
    {
        var task = TaskLives.Running();
        var thrown = new TaskFailure
        {
            Kind = FailureKind.UserException,
            Message = "outer",
            Node = "the-handlers-node",
            ExceptionType = "Outer",
            ExceptionBaseTypes = ["System.Exception"],
            StackTrace = "at Work()",
            Cause = new TaskFailure { Kind = FailureKind.UserException, Message = "inner", ExceptionType = "Inner" },
        };

        var told = task.After(task.Fails(FailureKind.UserException) with { Failure = thrown }).State.Life.Failure!;

        Assert.Equal(["Outer", "Inner"], told.Chain().Select(failure => failure.ExceptionType));
        Assert.Equal(
            thrown with { TaskId = TaskLives.Id, Attempt = 1, At = TaskLives.Now, Response = FailureResponse.Retried, RetryAt = TaskLives.Now.AddSeconds(1) },
            told);
    }

    [Theory]
    [InlineData(TaskPhase.Waiting)]
    [InlineData(TaskPhase.Queued)]
    public void A_task_cancelled_before_its_attempt_has_no_attempt_to_name(TaskPhase phase)
    {
        var end = TaskLives.InPhase(phase).After(new CancelRequested("Enough."));

        Assert.Equal((TaskPhase.Cancelled, false), (end.State.Phase, end.StopsAttempt));
        Assert.Equal(TaskLives.Now, end.State.Finished);
        Assert.Empty(end.State.Life.Attempts);
        Assert.Equal((FailureKind.Cancelled, "Enough.", 0, null), Facts(end.State.Life.Failure!));
    }

    [Fact]
    public void A_task_cancelled_while_it_runs_ends_its_attempt()
    {
        var end = TaskLives.Running().After(new CancelRequested(null, "node-9"));

        Assert.True(end.StopsAttempt);
        var record = Assert.Single(end.State.Life.Attempts);
        Assert.Equal((1, "node-9", TaskLives.Owner, AttemptOutcome.Cancelled), (record.Number, record.Node, record.Incarnation, record.Outcome));
        Assert.Equal((FailureKind.Cancelled, "The task was cancelled.", 1, "node-9"), Facts(end.State.Life.Failure!));
    }

    [Fact]
    public void A_node_whose_name_nobody_knows_is_told_by_its_incarnation()
    {
        var end = TaskLives.Running().After(new LimitPassed(FailureKind.DeadlineExceeded));

        Assert.Equal(TaskLives.Owner.ToString(), Assert.Single(end.State.Life.Attempts).Node);
        Assert.Equal(AttemptOutcome.Failed, end.State.Life.Attempts[0].Outcome);
    }

    [Fact]
    public void An_attempt_that_reports_its_cancellation_is_told_in_full()
    {
        var task = TaskLives.Running();

        var failure = task.After(task.Fails(FailureKind.Cancelled)).State.Life.Failure!;

        Assert.Equal((FailureKind.Cancelled, "It was Cancelled.", 1, TaskLives.Node), Facts(failure));
        Assert.Equal((TaskLives.Id, TaskLives.Now), (failure.TaskId, failure.At));
    }

    [Fact]
    public void A_pending_timeout_ends_only_a_task_that_never_started()
    {
        var task = TaskLives.Running();
        var timeout = new LimitPassed(FailureKind.PendingTimeout);

        Assert.Equal(TaskPhase.Failed, task.After(task.IsReleased()).State.After(timeout).State.Phase);
        Assert.Equal(TaskVerdict.Stale, task.After(task.LosesOwner()).State.After(timeout).Verdict);
        Assert.Contains("00:01:00", TaskLives.InPhase(TaskPhase.Queued).After(timeout).State.Life.Failure!.Message);
    }

    [Fact]
    public void A_task_charged_with_two_crashes_runs_alone_from_then_on()
    {
        var task = TaskLives.Running();
        var once = task.After(task.LosesOwner(FailureKind.Crash)).State;
        var again = once.Claimed();
        var twice = again.After(again.LosesOwner(FailureKind.Crash)).State;

        Assert.Equal((false, FailureResponse.Retried), (once.IsIsolated, once.Life.Failure!.Response));
        Assert.Equal((true, FailureResponse.Isolated), (twice.IsIsolated, twice.Life.Failure!.Response));
        Assert.Equal(2, twice.Life.Charges);
    }

    [Fact]
    public void Lost_nodes_do_not_speak_against_what_they_ran()
    {
        var task = TaskLives.Running();
        for (var i = 0; i < 3; i++)
        {
            task = task.After(task.LosesOwner(FailureKind.NodeLost)).State.Claimed();
        }

        Assert.Equal((false, 0, 3), (task.IsIsolated, task.Life.Charges, task.Life.RetriesOf(FailureKind.NodeLost)));
    }

    [Fact]
    public void Attempts_that_never_started_give_way_in_the_history_before_all_others()
    {
        var task = TaskLives.Running();
        task = task.After(task.LosesOwner(FailureKind.Crash)).State;
        for (var i = 0; i < 2 * TaskLife.MaxAttemptsKept; i++)
        {
            task = task.Claimed();
            task = task.After(i == 1 ? task.LosesOwner(FailureKind.Crash) : task.IsReleased()).State;
        }

        Assert.Equal([1, 3], task.Life.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Failed).Select(attempt => attempt.Number));
        Assert.Equal(TaskLife.MaxAttemptsKept, task.Life.Attempts.Count);
    }

    [Fact]
    public void The_history_keeps_the_first_attempt_and_the_newest_ones_within_its_limit()
    {
        var task = TaskLives.InPhase(TaskPhase.Queued, new TaskRetryPolicy { MaxTimeoutRetries = TaskRetryPolicy.Unlimited });
        for (var i = 0; i < TaskLife.MaxAttemptsKept + 50; i++)
        {
            task = task.Claimed();
            task = task.After(task.Fails(FailureKind.Timeout)).State;
        }

        var numbers = task.Life.Attempts.Select(attempt => attempt.Number).ToList();
        Assert.Equal(TaskLife.MaxAttemptsKept, numbers.Count);
        Assert.Equal([1, .. Enumerable.Range(52, TaskLife.MaxAttemptsKept - 1)], numbers);
        Assert.Equal(TaskLife.MaxAttemptsKept + 50, task.Life.RetriesOf(FailureKind.Timeout));
    }

    private static (FailureKind Kind, string Message, int Attempt, string? Node) Facts(TaskFailure failure) =>
        (failure.Kind, failure.Message, failure.Attempt, failure.Node);
}
