using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Tasks;

/// <summary>Causes are apart: each has a budget, a counter and a schedule of its own.</summary>
public sealed class TaskLifecycleBudgetTests
{
    public static TheoryData<FailureKind> Budgeted =>
        [FailureKind.UserException, FailureKind.Timeout, FailureKind.Crash, FailureKind.NodeLost, FailureKind.OutOfMemory];

    [Theory]
    [MemberData(nameof(Budgeted))]
    public void A_budget_of_n_retries_makes_n_plus_1_attempts(FailureKind kind)
    {
        foreach (var budget in new[] { 0, 1, 3, 10 })
        {
            var task = TaskLives.RunToEnd(OnlyFor(kind, budget), Ends(kind));

            Assert.Equal((TaskPhase.Failed, budget + 1), (task.Phase, task.Attempt));
            Assert.Equal(budget, task.Life.RetriesOf(kind));
            Assert.Equal(FailureResponse.Failed, task.Life.Failure!.Response);
        }
    }

    [Theory]
    [MemberData(nameof(Budgeted))]
    public void An_unlimited_budget_never_runs_out(FailureKind kind)
    {
        var task = TaskLives.RunToEnd(OnlyFor(kind, TaskRetryPolicy.Unlimited), Ends(kind));

        Assert.Equal((TaskPhase.Queued, 1_000), (task.Phase, task.Attempt));
    }

    [Fact]
    public void Every_cause_costs_its_own_budget_only()
    {
        var task = TaskLives.InPhase(TaskPhase.Queued, Budgets(2));
        foreach (var kind in Budgeted.Select(row => row.Data).Concat(Budgeted.Select(row => row.Data)))
        {
            task = task.Claimed();
            task = task.After(Ends(kind)(task)).State;
        }

        Assert.Equal((TaskPhase.Queued, 10), (task.Phase, task.Attempt));
        Assert.All(Budgeted, row => Assert.Equal(2, task.Life.RetriesOf(row.Data)));
    }

    [Theory]
    [InlineData(FailureKind.Timeout, FailureKind.HeartbeatTimeout)]
    [InlineData(FailureKind.HeartbeatTimeout, FailureKind.Timeout)]
    public void Both_timeouts_share_a_budget_and_a_schedule_and_are_counted_apart(FailureKind first, FailureKind second)
    {
        var task = TaskLives.InPhase(TaskPhase.Queued, OnlyFor(FailureKind.Timeout, 2)).Claimed();
        task = task.After(task.Fails(first)).State.Claimed();
        task = task.After(task.Fails(second)).State;

        Assert.Equal(TaskLives.Now.AddSeconds(2), task.Due);
        task = task.Claimed();
        task = task.After(task.Fails(first)).State;

        Assert.Equal((TaskPhase.Failed, 1, 1), (task.Phase, task.Life.RetriesOf(first), task.Life.RetriesOf(second)));
    }

    [Fact]
    public void A_new_task_has_cost_nothing_yet() => Assert.Empty(TaskLife.New.Retries);

    [Fact]
    public void An_exception_that_nobody_wants_retried_ends_the_task()
    {
        var end = TaskLives.Running().After(TaskLives.Running().Fails(FailureKind.UserException, mayRetry: false));

        Assert.Equal(TaskPhase.Failed, end.State.Phase);
        Assert.Empty(end.State.Life.Retries);
    }

    [Theory]
    [InlineData(FailureKind.Crash, new[] { 0.0, 1, 2, 4, 8 })]
    [InlineData(FailureKind.NodeLost, new[] { 0.0, 1, 2, 4, 8 })]
    [InlineData(FailureKind.UserException, new[] { 1.0, 2, 4, 8, 16 })]
    [InlineData(FailureKind.Timeout, new[] { 1.0, 2, 4, 8, 16 })]
    [InlineData(FailureKind.OutOfMemory, new[] { 1.0, 2, 4, 8, 16 })]
    public void Delays_grow_from_retry_to_retry_and_start_at_zero_after_a_death(FailureKind kind, double[] seconds)
    {
        var delays = new List<double>();
        TaskLives.RunToEnd(OnlyFor(kind, seconds.Length), task =>
        {
            var end = Ends(kind)(task);
            if (task.After(end) is { State.Phase: TaskPhase.Queued } retry)
            {
                delays.Add((retry.State.Due - TaskLives.Now).TotalSeconds);
            }

            return end;
        });

        Assert.Equal(seconds, delays);
    }

    [Fact]
    public void Being_moved_off_a_leaving_node_costs_nothing()
    {
        var task = TaskLives.Running(OnlyFor(FailureKind.Crash, 0));

        var moved = task.After(task.IsReleased(afterStart: true)).State;

        Assert.Equal((TaskPhase.Queued, TaskLives.Now), (moved.Phase, moved.Due));
        Assert.Equal((0, FailureResponse.Requeued), (moved.Life.Charges, moved.Life.Failure!.Response));
        Assert.Equal(1, moved.Life.RetriesOf(FailureKind.Drained));
    }

    [Fact]
    public void A_delay_that_the_handler_asks_for_is_honoured()
    {
        var task = TaskLives.Running();

        var retry = task.After(task.Fails(FailureKind.UserException, retryAfter: TimeSpan.FromMinutes(42))).State;

        Assert.Equal(TaskLives.Now.AddMinutes(42), retry.Due);
    }

    [Fact]
    public void A_delay_beyond_all_bounds_is_cut_instead_of_breaking_the_node()
    {
        var task = TaskLives.Running();

        Assert.Equal(TaskLives.Now + RetryDelay.Longest, task.After(task.Fails(FailureKind.UserException, retryAfter: TimeSpan.MaxValue)).State.Due);
        Assert.Equal(TaskLives.Now, task.After(task.Fails(FailureKind.UserException, retryAfter: TimeSpan.MinValue)).State.Due);
    }

    [Fact]
    public void A_retry_that_could_only_start_at_the_deadline_is_not_made()
    {
        var task = TaskLives.Running() with { Deadline = TaskLives.Now.AddSeconds(1) };

        Assert.Equal(TaskPhase.Failed, task.After(task.Fails(FailureKind.Timeout)).State.Phase);
        Assert.Equal(TaskPhase.Queued, task.After(task.LosesOwner()).State.Phase);
    }

    [Fact]
    public void The_policy_of_the_call_wins_over_the_clusters()
    {
        var cluster = OnlyFor(FailureKind.Timeout, 0);
        var (own, none) = (TaskLives.Running(OnlyFor(FailureKind.Timeout, 1)), TaskLives.Running());

        Assert.Equal(TaskPhase.Queued, TaskLifecycle.Apply(own, own.Fails(FailureKind.Timeout), cluster, TaskLives.Now, 0).State.Phase);
        Assert.Equal(TaskPhase.Failed, TaskLifecycle.Apply(none, none.Fails(FailureKind.Timeout), cluster, TaskLives.Now, 0).State.Phase);
    }

    public static TheoryData<string> WaysToEndAnAttempt => ["exception", "timeout", "crash", "lost", "drained", "lost while waiting"];

    [Theory]
    [MemberData(nameof(WaysToEndAnAttempt))]
    public void At_most_once_means_that_an_attempt_that_may_have_started_is_the_last(string way)
    {
        var task = TaskLives.Running(Budgets(TaskRetryPolicy.Unlimited) with { MaxAttempts = 1 });

        Assert.Equal(TaskPhase.Failed, task.After(EndIn(way, task)).State.Phase);
    }

    [Theory]
    [MemberData(nameof(WaysToEndAnAttempt))]
    public void No_mix_of_causes_starts_more_attempts_than_the_limit(string way)
    {
        var task = TaskLives.RunToEnd(Budgets(TaskRetryPolicy.Unlimited) with { MaxAttempts = 3 }, task => EndIn(way, task));

        Assert.Equal((TaskPhase.Failed, 3), (task.Phase, task.Attempt));
    }

    [Fact]
    public void An_attempt_released_before_its_start_counts_against_no_limit()
    {
        var task = TaskLives.InPhase(TaskPhase.Queued, Budgets(0) with { MaxAttempts = 1 });
        for (var i = 0; i < 5; i++)
        {
            task = task.Claimed();
            task = task.After(task.IsReleased()).State;
        }

        Assert.Equal((TaskPhase.Queued, 5, 5), (task.Phase, task.Attempt, task.Life.Unstarted));
        task = task.Claimed();
        Assert.Equal(TaskPhase.Failed, task.After(task.LosesOwner()).State.Phase);
    }

    [Fact]
    public void An_attempt_that_a_heartbeat_named_as_waiting_is_released_free()
    {
        var task = TaskLives.Running(Budgets(0));

        var released = task.After(task.LosesOwner(mayHaveStarted: false)).State;

        Assert.Equal((TaskPhase.Queued, TaskLives.Now, 0), (released.Phase, released.Due, released.Life.Charges));
        Assert.Empty(released.Life.Retries);
        Assert.Equal(AttemptOutcome.Released, Assert.Single(released.Life.Attempts).Outcome);
    }

    private static TaskEvent EndIn(string way, TaskState task) => way switch
    {
        "exception" => task.Fails(FailureKind.UserException),
        "timeout" => task.Fails(FailureKind.Timeout),
        "crash" => task.LosesOwner(FailureKind.Crash),
        "lost" => task.LosesOwner(),
        "drained" => task.IsReleased(afterStart: true),
        _ => task.LosesOwner(mayHaveStarted: false),
    };

    [Fact]
    public void An_attempt_whose_node_stopped_it_for_its_lease_and_came_back_costs_nothing_and_says_so()
    {
        var task = TaskLives.Running();
        var released = new AttemptReleased(task.Attempt, task.Owner, TaskLives.Node, TaskLives.Now, FailureKind.LeaseLost);

        var after = TaskLifecycle.Apply(task, released, new TaskRetryPolicy { MaxNodeLossRetries = 0 }, TaskLives.Now, 0).State;

        Assert.Equal((TaskPhase.Queued, FailureKind.LeaseLost, FailureResponse.Requeued), (after.Phase, after.Life.Failure!.Kind, after.Life.Failure.Response));
        Assert.Equal((1, 0, 0), (after.Life.RetriesOf(FailureKind.LeaseLost), after.Life.RetriesOf(FailureKind.NodeLost), after.Life.Charges));
    }

    private static Func<TaskState, TaskEvent> Ends(FailureKind kind) => kind is FailureKind.Crash or FailureKind.NodeLost
        ? task => task.LosesOwner(kind)
        : task => task.Fails(kind);

    private static TaskRetryPolicy OnlyFor(FailureKind kind, int budget) => new()
    {
        MaxExceptionRetries = kind == FailureKind.UserException ? budget : 0,
        MaxTimeoutRetries = kind == FailureKind.Timeout ? budget : 0,
        MaxCrashRetries = kind == FailureKind.Crash ? budget : 0,
        MaxNodeLossRetries = kind == FailureKind.NodeLost ? budget : 0,
        MaxOutOfMemoryRetries = kind == FailureKind.OutOfMemory ? budget : 0,
    };

    private static TaskRetryPolicy Budgets(int all) => new()
    {
        MaxExceptionRetries = all,
        MaxTimeoutRetries = all,
        MaxCrashRetries = all,
        MaxNodeLossRetries = all,
        MaxOutOfMemoryRetries = all,
    };
}
