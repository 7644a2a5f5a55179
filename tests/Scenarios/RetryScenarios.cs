namespace FaultTolerance.Scenarios.Tests;

public sealed class RetryScenarios(ClusterFixture cluster)
{
    private static readonly SubmitOptions Quickly = new() { Retry = new() { DelayBase = TimeSpan.FromMilliseconds(1), RetryOn = [typeof(ScenarioException).FullName!] } };

    [Fact]
    public async Task An_exception_that_the_handler_lists_is_retried()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(2, default!, "listed"), Quickly with { Retry = Quickly.Retry! with { RetryOn = [] } });

        Assert.Equal(2, await cluster.Client.GetAsync(task));
    }

    [Fact]
    public async Task An_exception_derived_from_a_listed_one_is_retried()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(3, default!, "derived"), Quickly);

        Assert.Equal(3, await cluster.Client.GetAsync(task));
    }

    [Fact]
    public async Task An_exception_that_nobody_lists_ends_the_task()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(2, default!, "other"), Quickly);

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(task));
        Assert.Equal(1, error.Failure.Attempt);
    }

    [Fact]
    public async Task The_handlers_own_filter_decides()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(2, default!, "filtered"), Quickly);

        Assert.Equal(2, await cluster.Client.GetAsync(task));
    }

    [Fact]
    public async Task A_handler_may_forbid_its_retry()
    {
        var everything = Quickly with { Retry = Quickly.Retry! with { RetryOn = ["System.Exception"] } };
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(2, default!, "never"), everything);

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(task));
        Assert.Equal(1, error.Failure.Attempt);
    }

    [Fact]
    public async Task A_handler_may_ask_to_be_tried_again_after_a_time_of_its_own()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(2, default!, "later"), Quickly);

        Assert.Equal(2, await cluster.Client.GetAsync(task));
        var history = await cluster.Client.GetHistoryAsync(task.TaskId);
        var failure = history!.Attempts[0].Failure!;
        Assert.Equal(TimeSpan.FromMilliseconds(30), failure.RetryAt - failure.At);
    }

    [Fact]
    public async Task A_budget_of_n_means_n_plus_one_attempts_and_history_shows_each()
    {
        var twice = Quickly with { Retry = Quickly.Retry! with { MaxExceptionRetries = 2 } };
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(99, default!, "listed"), twice);

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(task));
        var history = await cluster.Client.GetHistoryAsync(task.TaskId);

        Assert.Equal(3, error.Failure.Attempt);
        Assert.Equal([1, 2, 3], history!.Attempts.Select(attempt => attempt.Number));
        Assert.All(history.Attempts, attempt => Assert.Equal(AttemptOutcome.Failed, attempt.Outcome));
        Assert.Equal(
            [FailureResponse.Retried, FailureResponse.Retried, FailureResponse.Failed],
            history.Attempts.Select(attempt => attempt.Failure!.Response));
        Assert.Equal(2, history.Task.Retries[FailureKind.UserException]);
    }

    [Fact]
    public async Task The_recorded_delays_are_the_computed_ones()
    {
        var policy = Quickly.Retry! with { DelayBase = TimeSpan.FromMilliseconds(10), Multiplier = 3, MaxDelay = TimeSpan.FromMilliseconds(50) };
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailUntil(4, default!, "listed"), new SubmitOptions { Retry = policy });

        Assert.Equal(4, await cluster.Client.GetAsync(task));
        var history = await cluster.Client.GetHistoryAsync(task.TaskId);
        Assert.Equal([10, 30, 50], history!.Attempts.SkipLast(1).Select(attempt => (attempt.Failure!.RetryAt - attempt.Failure.At)!.Value.TotalMilliseconds));
    }

    [Fact]
    public async Task An_attempt_past_its_timeout_is_cancelled_and_costs_the_budget_of_timeouts()
    {
        var name = Guid.NewGuid().ToString();
        var options = new SubmitOptions
        {
            AttemptTimeout = TimeSpan.FromMilliseconds(50),
            Retry = new() { MaxTimeoutRetries = 1, DelayBase = TimeSpan.FromMilliseconds(1) },
        };
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait(name, default!, default), options);

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(task));

        Assert.Equal(FailureKind.Timeout, error.Failure.Kind);
        Assert.Equal(2, error.Failure.Attempt);
    }
}
