using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>Handlers that say that they are alive and how far they have come.</summary>
public sealed class ProgressScenarios(ClusterFixture cluster)
{
    /// <summary>Long enough for a handler that is about to save, whatever else the machine does.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private readonly string _name = Guid.NewGuid().ToString();

    [Fact]
    public async Task After_a_heartbeat_timeout_the_next_attempt_receives_the_last_details_and_continues_there()
    {
        var options = new SubmitOptions { HeartbeatTimeout = Silence, Retry = new() { MaxTimeoutRetries = 1, DelayBase = TimeSpan.FromMilliseconds(1) } };
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.WaitEach(_name, default!, default), options);
        var first = await ScenarioTasks.StartOf($"{_name}/1");
        Assert.False(first.TryGetProgress<ScenarioCursor>(out _));

        await first.SaveProgressAsync(new ScenarioCursor("page", 6));
        await first.SaveProgressAsync(new ScenarioCursor("page", 7));
        var second = await ScenarioTasks.StartOf($"{_name}/2");

        Assert.True(second.TryGetProgress<ScenarioCursor>(out var cursor));
        Assert.Equal(new ScenarioCursor("page", 7), cursor);
        ScenarioTasks.Gate($"{_name}/2").SetResult();
        Assert.Equal(2, await cluster.Client.GetAsync(task));
        var history = await cluster.Client.GetHistoryAsync(task.TaskId);
        Assert.Equal([FailureKind.HeartbeatTimeout, null], history!.Attempts.Select(attempt => attempt.Failure?.Kind));
        Assert.Equal(1, history.Task.Retries[FailureKind.HeartbeatTimeout]);
        Assert.Contains("its limit is 2.0 s", history.Attempts[0].Failure!.Message);
    }

    [Fact]
    public async Task A_task_shows_what_is_known_of_its_progress_until_it_is_final()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.WaitEach(_name, default!, default));
        var context = await ScenarioTasks.StartOf($"{_name}/1");
        Assert.Null((await cluster.Client.GetHistoryAsync(task.TaskId))!.Task.Progress);

        await context.SaveProgressAsync(new ScenarioCursor("page", 7));

        var progress = (await cluster.Client.GetHistoryAsync(task.TaskId))!.Task.Progress!;
        Assert.Equal((1, typeof(ScenarioCursor).FullName), (progress.Attempt, progress.Type));
        Assert.InRange(progress.Size, 1, 100);
        ScenarioTasks.Gate($"{_name}/1").SetResult();
        await cluster.Client.GetAsync(task);
        Assert.Null((await cluster.Client.GetHistoryAsync(task.TaskId))!.Task.Progress);
    }

    [Fact]
    public async Task A_save_for_a_task_that_was_cancelled_is_an_error_and_changes_nothing()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.WaitEach(_name, default!, default));
        var context = await ScenarioTasks.StartOf($"{_name}/1");
        await cluster.Client.CancelAsync(task.TaskId);

        var error = await Assert.ThrowsAsync<AttemptOverException>(() => context.SaveProgressAsync(1));

        Assert.Equal((task.TaskId, 1), (error.TaskId, error.Attempt));
        Assert.Equal((TaskPhase.Cancelled, null), ((await cluster.Client.GetHistoryAsync(task.TaskId))!.Task.Phase, (await cluster.Client.GetHistoryAsync(task.TaskId))!.Task.Progress));
    }

    [Fact]
    public async Task Progress_over_the_limit_is_an_error_and_what_was_saved_before_stays()
    {
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.WaitEach(_name, default!, default));
        var context = await ScenarioTasks.StartOf($"{_name}/1");
        await context.SaveProgressAsync(new byte[16_000]);

        var error = await Assert.ThrowsAsync<ProgressTooLargeException>(() => context.SaveProgressAsync(new byte[16 * 1024]));

        Assert.Equal(16 * 1024, error.Limit);
        Assert.True(context.TryGetProgress<byte[]>(out var kept));
        Assert.Equal(16_000, kept.Length);
        ScenarioTasks.Gate($"{_name}/1").SetResult();
        await cluster.Client.GetAsync(task);
    }

    [Fact]
    public async Task A_replaced_attempt_saves_nothing_and_is_told_so()
    {
        await using var engine = InMemoryStore.CreateEngine(TimeProvider.System);
        await using var own = await FaultyCluster.StartAsync(nodes: 2, engine, AddHandlersAndOneSlot);
        var task = await own.Client.SubmitAsync((ScenarioTasks t) => t.WaitEach(_name, default!, default));
        var zombie = await ScenarioTasks.StartOf($"{_name}/1");
        await zombie.SaveProgressAsync(1);

        await ReplaceAsync(own, zombie.Node, (await engine.ReadAsync([task.TaskId], CancellationToken.None))[0].Owner);
        var successor = await ScenarioTasks.StartOf($"{_name}/2");
        await successor.SaveProgressAsync(2);

        await Assert.ThrowsAsync<AttemptOverException>(() => zombie.SaveProgressAsync(99));
        await ScenarioTasks.Cancelled($"{_name}/1");
        var progress = (await own.Client.GetHistoryAsync(task.TaskId))!.Task.Progress!;
        Assert.Equal(2, progress.Attempt);
        Assert.True(successor.TryGetProgress<int>(out var saved));
        Assert.Equal(2, saved);
        ScenarioTasks.Gate($"{_name}/2").SetResult();
        Assert.Equal(2, await own.Client.GetAsync(task));
    }

    [Fact]
    public async Task Progress_is_there_after_a_restart_of_the_whole_cluster_that_finished_nothing()
    {
        var engine = InMemoryStore.CreateEngine(TimeProvider.System);
        ObjectRef<int> task;
        await using (var before = await FaultyCluster.StartAsync(nodes: 1, engine, ClusterFixture.AddHandlers))
        {
            task = await before.Client.SubmitAsync((ScenarioTasks t) => t.WaitEach(_name, default!, default));
            await (await ScenarioTasks.StartOf($"{_name}/1")).SaveProgressAsync(new ScenarioCursor("page", 7));
            await before.StopAsync();
        }

        await using var after = await FaultyCluster.StartAsync(nodes: 1, engine, ClusterFixture.AddHandlers);
        var second = await ScenarioTasks.StartOf($"{_name}/2");

        Assert.True(second.TryGetProgress<ScenarioCursor>(out var cursor));
        Assert.Equal(7, cursor.Position);
        ScenarioTasks.Gate($"{_name}/2").SetResult();
        Assert.Equal(2, await after.Client.GetAsync(task));
        Assert.DoesNotContain(FailureKind.Crash, (await after.Client.GetHistoryAsync(task.TaskId))!.Task.Retries.Keys);
    }

    /// <summary>Gives each node room for one attempt, so that the successor runs on the other one.</summary>
    private static void AddHandlersAndOneSlot(ISiloBuilder silo)
    {
        ClusterFixture.AddHandlers(silo);
        silo.Configure<TaskPipelineOptions>(options => (options.Slots, options.PrefetchFactor) = (1, 0));
    }

    /// <summary>Does to a node's work what recovery does once the node has been declared dead.</summary>
    private static async Task ReplaceAsync(FaultyCluster cluster, string node, NodeIncarnation owner)
    {
        var survivor = Enumerable.Range(0, 2).Select(cluster.SiloServices)
            .Single(silo => silo.GetRequiredService<IOptions<SiloOptions>>().Value.SiloName != node);
        await survivor.GetRequiredService<OwnerRecovery>().RecoverAsync(new LostOwner(owner, node, OwnerFate.Lost, new HashSet<TaskId>()), CancellationToken.None);
    }
}
