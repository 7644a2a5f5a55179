namespace FaultTolerance.Scenarios.Tests;

public sealed class CancellationScenarios(ClusterFixture cluster)
{
    private readonly string _name = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_task_cancelled_before_it_starts_never_runs()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Count(_name), new SubmitOptions { StartAfter = TimeSpan.FromHours(1) });

        var cancelled = await cluster.Client.CancelAsync(task.TaskId, "not needed");

        Assert.Equal(TaskPhase.Cancelled, cancelled!.Phase);
        var error = await Assert.ThrowsAsync<TaskCancelledException>(() => cluster.Client.GetAsync(task));
        Assert.Equal("not needed", error.Failure.Message);
        Assert.DoesNotContain(_name, ScenarioTasks.Runs.Keys);
    }

    [Fact]
    public async Task A_running_task_that_is_cancelled_sees_its_token_fire_and_is_never_retried()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait(_name, default!, default));
        await ScenarioTasks.StartOf(_name);

        var cancelled = await cluster.Client.CancelAsync(task.TaskId);

        Assert.Equal(TaskPhase.Cancelled, cancelled!.Phase);
        await Assert.ThrowsAsync<TaskCancelledException>(() => cluster.Client.GetAsync(task));
        await ScenarioTasks.Cancelled(_name);
        var history = await cluster.Client.GetHistoryAsync(task.TaskId);
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single(history!.Attempts).Outcome);
    }

    [Fact]
    public async Task Cancelling_a_finished_task_changes_nothing()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Add(1, 2));
        Assert.Equal(3, await cluster.Client.GetAsync(task));

        var snapshot = await cluster.Client.CancelAsync(task.TaskId);

        Assert.Equal(TaskPhase.Succeeded, snapshot!.Phase);
        Assert.Equal(3, await cluster.Client.GetAsync(task));
    }

    [Fact]
    public async Task Cancelling_a_parent_cancels_its_children()
    {
        var parent = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Parent(_name, false, default!, default));
        await ScenarioTasks.StartOf(_name);
        await ScenarioTasks.StartOf($"{_name}/child");

        await cluster.Client.CancelAsync(parent.TaskId);

        await ScenarioTasks.Cancelled($"{_name}/child");
        var lineage = await cluster.Client.GetLineageAsync(parent.TaskId);
        await Assert.ThrowsAsync<TaskCancelledException>(() => cluster.Client.GetAsync(new ObjectRef<string>(Assert.Single(lineage!.Children))));
    }

    [Fact]
    public async Task Cancelling_a_task_cancels_its_grandchildren()
    {
        var top = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Grandparent(_name, default!, default));
        var parent = await ScenarioTasks.StartOf($"{_name}/parent");
        var child = await ScenarioTasks.StartOf($"{_name}/parent/child");

        await cluster.Client.CancelAsync(top.TaskId);

        await ScenarioTasks.Cancelled($"{_name}/parent/child");
        foreach (var id in new[] { top.TaskId, parent.TaskId, child.TaskId })
        {
            await Assert.ThrowsAsync<TaskCancelledException>(() => cluster.Client.GetAsync(new ObjectRef<int>(id)));
        }
    }

    [Fact]
    public async Task A_child_that_waits_for_a_result_is_cancelled_and_what_it_waited_for_goes_on()
    {
        var blocker = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait($"{_name}/blocker", default!, default));
        var id = blocker.TaskId.Value;
        var parent = await cluster.Cluster.HostedClient.SubmitAsync((ScenarioTasks t) => t.ParentOfWaiting(_name, id, default!, default));
        await ScenarioTasks.StartOf(_name);
        var child = Assert.Single((await cluster.Client.GetLineageAsync(parent.TaskId))!.Children);
        Assert.Equal(TaskPhase.Waiting, (await cluster.Client.GetSnapshotAsync(child))!.Phase);

        await cluster.Client.CancelAsync(parent.TaskId);

        await Assert.ThrowsAsync<TaskCancelledException>(() => cluster.Client.GetAsync(new ObjectRef<string>(child)));
        ScenarioTasks.Gate($"{_name}/blocker").SetResult();
        Assert.Equal($"{_name}/blocker", await cluster.Client.GetAsync(blocker));
    }

    [Fact]
    public async Task A_detached_child_outlives_its_parents_cancellation()
    {
        var parent = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Parent(_name, true, default!, default));
        await ScenarioTasks.StartOf($"{_name}/child");

        await cluster.Client.CancelAsync(parent.TaskId);
        await ScenarioTasks.Cancelled(_name);

        ScenarioTasks.Gate($"{_name}/child").SetResult();
        var lineage = await cluster.Client.GetLineageAsync(parent.TaskId);
        Assert.Equal($"{_name}/child", await cluster.Client.GetAsync(new ObjectRef<string>(Assert.Single(lineage!.Children))));
    }

    [Fact]
    public async Task A_cancel_that_races_with_completion_has_one_outcome_for_everybody()
    {
        for (var round = 0; round < 50; round++)
        {
            var name = $"{_name}/{round}";
            var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait(name, default!, default));
            await ScenarioTasks.StartOf(name);
            var cancel = cluster.Client.CancelAsync(task.TaskId);
            ScenarioTasks.Gate(name).SetResult();

            var seenByCanceller = (await cancel)!.Phase;
            var seenByWaiter = await cluster.Client.GetAsync(task).ContinueWith(get => get.IsCompletedSuccessfully ? TaskPhase.Succeeded : TaskPhase.Cancelled, TaskScheduler.Default);

            Assert.Equal(seenByCanceller, seenByWaiter);
            Assert.Equal(seenByWaiter, (await cluster.Client.GetSnapshotAsync(task.TaskId))!.Phase);
        }
    }
}
