namespace FaultTolerance.Scenarios.Tests;

public sealed class FailureScenarios(ClusterFixture cluster)
{
    [Fact]
    public async Task A_caller_sees_the_handlers_exception_by_type_message_and_stack()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Fail("no such file"));

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(task));

        Assert.Equal(FailureKind.UserException, error.Failure.Kind);
        Assert.Equal(typeof(ScenarioException).FullName, error.Failure.ExceptionType);
        Assert.Equal("no such file", error.Failure.Message);
        Assert.Contains(nameof(ScenarioTasks.Fail), error.Failure.StackTrace, StringComparison.Ordinal);
        Assert.Equal("inner cause", error.Failure.Cause!.Message);
        Assert.Equal(1, error.Failure.Attempt);
        Assert.NotNull(error.Failure.Node);
        Assert.Equal(FailureResponse.Failed, error.Failure.Response);
    }

    [Fact]
    public async Task A_dependent_fails_with_the_chain_of_causes_of_what_it_depends_on()
    {
        var failing = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Fail("the root"));
        var dependent = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(failing.Result, 1));
        var further = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(dependent.Result, 1));

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(further));

        Assert.Equal(
            [FailureKind.DependencyFailed, FailureKind.DependencyFailed, FailureKind.UserException, FailureKind.UserException],
            error.Failure.Chain().Select(failure => failure.Kind));
        Assert.Contains(error.Failure.Chain(), failure => failure.Message == "the root" && failure.TaskId == failing.TaskId);
    }

    [Fact]
    public async Task Every_reference_to_a_failed_task_of_several_results_raises_the_same_error()
    {
        var (quotient, remainder) = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Divide(1, 0));

        var first = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(quotient));
        var second = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(remainder));

        Assert.Equal(typeof(DivideByZeroException).FullName, first.Failure.ExceptionType);
        Assert.Equal(first.Failure.TaskId, second.Failure.TaskId);
        Assert.Equal(first.Message, second.Message);
    }

    [Fact]
    public async Task A_failure_surfaces_at_once_while_another_task_goes_on()
    {
        var name = Guid.NewGuid().ToString();
        var endless = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait(name, default!, default));
        var failing = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Fail("fast"));

        var waited = await cluster.Client.WaitAnyAsync([endless, failing]);

        Assert.Equal(failing.TaskId, Assert.Single(waited.Ended).TaskId);
        Assert.Equal(endless.TaskId, Assert.Single(waited.Pending).TaskId);
        ScenarioTasks.Gate(name).SetResult();
        Assert.Equal(name, await cluster.Client.GetAsync(endless));
    }

    [Fact]
    public async Task Getting_all_ends_with_the_first_failure()
    {
        var name = Guid.NewGuid().ToString();
        var endless = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait(name, default!, default));
        var waiting = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Text(endless.Result));
        var broken = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailToText("broken"));

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAllAsync([endless, waiting, broken]));

        Assert.Equal(broken.TaskId, error.Failure.TaskId);
        ScenarioTasks.Gate(name).SetResult();
        Assert.Equal(name, await cluster.Client.GetAsync(waiting));
    }
}
