using System.Threading.Channels;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>A cancellation and something else that happens to the same task, in an order that the store is made to keep.</summary>
public sealed class CancellationRaceScenarios
{
    private readonly string _name = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_cancellation_that_commits_before_the_completion_is_what_everybody_sees()
    {
        await using var engine = new FaultyEngine(InMemoryStore.CreateEngine(TimeProvider.System));
        await using var cluster = await FaultyCluster.StartAsync(nodes: 1, engine, ClusterFixture.AddHandlers);
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait(_name, default!, default));
        await ScenarioTasks.StartOf(_name);
        using var gate = HoldFirstCommit(engine);

        var cancel = cluster.Client.CancelAsync(task.TaskId);
        await gate.ArrivedAsync();
        ScenarioTasks.Gate(_name).SetResult(); // its commit has the same row, and stands in line behind
        gate.Open();

        Assert.Equal(TaskPhase.Cancelled, (await cancel)!.Phase);
        await Assert.ThrowsAsync<TaskCancelledException>(() => cluster.Client.GetAsync(task));
        await Assert.ThrowsAsync<TaskCancelledException>(() => cluster.HostedClient.GetAsync(task));
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single((await cluster.Client.GetHistoryAsync(task.TaskId))!.Attempts).Outcome);
    }

    [Fact]
    public async Task A_completion_that_commits_before_the_cancellation_is_what_everybody_sees()
    {
        await using var engine = new FaultyEngine(InMemoryStore.CreateEngine(TimeProvider.System));
        await using var cluster = await FaultyCluster.StartAsync(nodes: 1, engine, ClusterFixture.AddHandlers);
        var task = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait(_name, default!, default));
        await ScenarioTasks.StartOf(_name);
        using var gate = HoldFirstCommit(engine);

        ScenarioTasks.Gate(_name).SetResult();
        await gate.ArrivedAsync();
        var cancel = cluster.Client.CancelAsync(task.TaskId); // reads a running task, and writes behind its end
        gate.Open();

        Assert.Equal(TaskPhase.Succeeded, (await cancel)!.Phase);
        Assert.Equal(_name, await cluster.Client.GetAsync(task));
        Assert.Equal(_name, await cluster.HostedClient.GetAsync(task));
        Assert.Equal(AttemptOutcome.Succeeded, Assert.Single((await cluster.Client.GetHistoryAsync(task.TaskId))!.Attempts).Outcome);
    }

    [Fact]
    public async Task An_attempt_that_is_claimed_and_waits_for_a_slot_never_starts_once_its_task_is_cancelled()
    {
        await using var engine = new FaultyEngine(InMemoryStore.CreateEngine(TimeProvider.System));
        await using var cluster = await FaultyCluster.StartAsync(nodes: 1, engine, silo =>
        {
            ClusterFixture.AddHandlers(silo);
            silo.Services.Configure<TaskPipelineOptions>(options => options.Slots = 1);
        });
        var claims = ClaimsOf(engine);
        var blocker = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Wait(_name, default!, default));
        await ScenarioTasks.StartOf(_name);
        var waiting = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Count($"{_name}/never"));
        await UntilClaimedAsync(engine, claims, waiting.TaskId);

        var cancelled = await cluster.Client.CancelAsync(waiting.TaskId);
        ScenarioTasks.Gate(_name).SetResult();
        await cluster.Client.GetAsync(blocker);
        var next = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Count($"{_name}/next"));

        Assert.Equal(1, await cluster.Client.GetAsync(next));
        Assert.Equal(TaskPhase.Cancelled, cancelled!.Phase);
        Assert.DoesNotContain($"{_name}/never", ScenarioTasks.Runs.Keys);
        Assert.Null(Assert.Single((await cluster.Client.GetHistoryAsync(waiting.TaskId))!.Attempts).StartedAt);
    }

    private static CallGate HoldFirstCommit(FaultyEngine engine)
    {
        var commits = 0;
        return engine.Hold(call => call.Operation == nameof(IStorageEngine.CommitTasksAsync) && Interlocked.Increment(ref commits) == 1);
    }

    /// <summary>Returns something to read after each claim that the store has carried out.</summary>
    private static ChannelReader<StoreCall> ClaimsOf(FaultyEngine engine)
    {
        var claims = Channel.CreateUnbounded<StoreCall>();
        engine.Hold(call => call.Operation == nameof(IStorageEngine.ClaimAsync) && claims.Writer.TryWrite(call) && false, replies: true);
        return claims.Reader;
    }

    private static async Task UntilClaimedAsync(FaultyEngine engine, ChannelReader<StoreCall> claims, TaskId id)
    {
        while (Assert.Single(await engine.ReadAsync([id], CancellationToken.None)).Phase != TaskPhase.Running)
        {
            await claims.ReadAsync();
        }
    }
}
