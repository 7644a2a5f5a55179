using FaultTolerance.Testing.Clusters;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>What a plain Orleans client can ask about many tasks at once.</summary>
public sealed class ListScenarios(ClusterFixture cluster)
{
    private IClusterQueryGrain Queries => cluster.Cluster.Orleans.GetGrain<IClusterQueryGrain>(0);

    [Fact]
    public async Task Pages_go_through_the_tasks_of_a_handler_and_phase_newest_first_and_end()
    {
        var name = $"list-{Guid.NewGuid():n}";
        var ids = new List<TaskId>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailToText(name))).TaskId);
        }

        await cluster.Client.WaitAllAsync(ids.Select(id => (IObjectRef)new ObjectRef<string>(id)));
        var found = new List<TaskSummary>();
        var filter = new TaskFilter { Phase = TaskPhase.Failed, Handler = "scenario.fail-to-text", Limit = 2 };
        do
        {
            var page = await Queries.ListTasksAsync(filter);
            Assert.InRange(page.Tasks.Count, 0, 2);
            found.AddRange(page.Tasks.Where(task => task.FailureMessage == name));
            filter = filter with { After = page.Next };
        }
        while (filter.After is not null);

        // Of one millisecond none is the newer: those are in the order of their ids.
        Assert.Equal(ids.OrderByDescending(id => id.ToString(), StringComparer.Ordinal), found.Select(task => task.Id));
        foreach (var task in found)
        {
            // Which attempt failed depends on whether a busy node gave one back before it started.
            var attempt = (await cluster.Client.GetSnapshotAsync(task.Id))!.Attempt;
            Assert.Equal(
                ("scenario.fail-to-text", 1, TaskPhase.Failed, attempt, FailureKind.UserException),
                (task.Handler, task.HandlerVersion, task.Phase, task.Attempt, task.FailureKind));
        }
    }

    [Fact]
    public async Task A_running_task_is_listed_with_its_node_and_its_waiting_dependent_too()
    {
        var name = Guid.NewGuid().ToString();
        var running = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait(name, default!, default));
        var waiting = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Text(running.Result));
        var context = await ScenarioTasks.StartOf(name);

        var first = await FindAsync(running.TaskId, new TaskFilter { Phase = TaskPhase.Running });
        var second = await FindAsync(waiting.TaskId, new TaskFilter { Phase = TaskPhase.Waiting, Handler = "scenario.text@1", OldestFirst = true });

        Assert.Equal((TaskPhase.Running, context.Node), (first.Phase, first.Node));
        Assert.Equal((TaskPhase.Waiting, null), (second.Phase, second.Node));
        ScenarioTasks.Gate(name).SetResult();
        Assert.Equal(name, await cluster.Client.GetAsync(waiting));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public async Task A_page_of_no_task_or_of_too_many_is_refused(int limit)
    {
        var tasks = await Assert.ThrowsAsync<FaultToleranceException>(() => Queries.ListTasksAsync(new TaskFilter { Limit = limit }));
        var incidents = await Assert.ThrowsAsync<FaultToleranceException>(() => Queries.ListIncidentsAsync(limit));

        Assert.Contains("between 1 and 500", tasks.Message, StringComparison.Ordinal);
        Assert.Contains("between 1 and 500", incidents.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_has_lost_no_node_has_no_incident_of_one() =>
        Assert.DoesNotContain(await Queries.ListIncidentsAsync(500), incident => incident.Entity == FailedEntity.Node);

    [Fact]
    public async Task A_page_looks_at_so_many_tasks_only_and_says_where_to_go_on()
    {
        await using var own = await FaultyCluster.StartAsync(nodes: 1, ClusterFixture.AddHandlers);
        var first = await own.Client.SubmitAsync((ScenarioTasks t) => t.Text("the first of all"));
        await own.Client.SubmitManyAsync((ScenarioTasks t, int i) => t.Add(i, i), Enumerable.Range(0, 2_000));
        var queries = own.Orleans.GetGrain<IClusterQueryGrain>(0);

        var none = await queries.ListTasksAsync(new TaskFilter { Handler = "scenario.text" });
        var one = await queries.ListTasksAsync(new TaskFilter { Handler = "scenario.text", After = none.Next });

        Assert.Empty(none.Tasks);
        Assert.NotNull(none.Next);
        Assert.Equal(first.TaskId, Assert.Single(one.Tasks).Id);
        Assert.Null(one.Next);
    }

    private async Task<TaskSummary> FindAsync(TaskId id, TaskFilter filter)
    {
        while (true)
        {
            var page = await Queries.ListTasksAsync(filter);
            if (page.Tasks.FirstOrDefault(task => task.Id == id) is { } found)
            {
                return found;
            }

            filter = filter with { After = page.Next ?? throw new InvalidOperationException($"Task {id} is not in the list.") };
        }
    }
}
