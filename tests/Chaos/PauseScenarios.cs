using FaultTolerance.Chaos.Handlers;

namespace FaultTolerance.Chaos.Tests;

public sealed class PauseScenarios(ChaosServer server)
{
    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task A_node_paused_for_long_is_replaced_and_changes_nothing_when_it_wakes(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store), restartsDead: true);
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var zombie = await gate.NextAsync(cluster.Hang);
        var process = cluster.Silos.Process(zombie.Node);

        cluster.Freeze(process);
        var successor = await gate.NextAsync(cluster.Hang);
        process.Resume();
        await zombie.HungUpAsync(cluster.Hang); // its gate stays shut: what ends it is its token, or its process
        await process.Ended.WaitAsync(cluster.Hang);
        await successor.LetThroughAsync();

        Assert.Equal(2, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.NotEqual(zombie.Node, successor.Node);
        Assert.Equal("NodeLost", Assert.Single(cluster.Deaths(zombie.Node)).Text("kind"));
        var rejoined = await cluster.UntilAsync("ready", told => told.Node == zombie.Node && told.ProcessId != process.ProcessId);
        Assert.NotEqual(cluster.Deaths(zombie.Node)[0].Text("incarnation"), rejoined.Text("incarnation"));
        var history = await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang);
        Assert.Equal([FailureKind.NodeLost, null], history!.Attempts.Select(attempt => attempt.Failure?.Kind));
        await cluster.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_node_paused_until_it_is_suspected_is_alive_again_and_nothing_runs_again()
    {
        await using var cluster = await ChaosCluster.StartAsync();
        using var gate = new Gate();
        var (task, visitor) = await cluster.VisitAwayFromDetectorAsync(gate);
        var process = cluster.Silos.Process(visitor.Node);

        cluster.Freeze(process);
        await cluster.UntilAsync("suspected", told => told.Text("node") == visitor.Node);
        process.Resume();
        await cluster.UntilAsync("alive-again", told => told.Text("node") == visitor.Node);
        await visitor.LetThroughAsync();

        Assert.Equal(1, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.Empty(cluster.Deaths(visitor.Node));
        Assert.Single((await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang))!.Attempts);
        await cluster.AssertInvariantsAsync();
    }

    /// <summary>With <c>Fast</c>, for its lease is the shortest.</summary>
    [Fact]
    public async Task A_node_that_freezes_with_the_lock_of_the_store_is_ended_before_the_others_lose_their_leases()
    {
        await using var cluster = await ChaosCluster.StartAsync(environment: new Dictionary<string, string> { ["FaultTolerance__Nodes__Profile"] = "Fast" });
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var first = await gate.NextAsync(cluster.Hang);
        var process = cluster.Silos.Process(first.Node);

        cluster.FreezeWithLock(process);
        await process.Ended.WaitAsync(cluster.Hang);
        var second = await gate.NextAsync(cluster.Hang);
        await second.LetThroughAsync();

        Assert.Equal(2, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.Equal("Crash", Assert.Single(cluster.Deaths()).Text("kind"));
        Assert.DoesNotContain(cluster.Silos.Events.ToList(), told => told.Name == "lease-lost");
        Assert.Empty(await cluster.IncidentsAsync(FailedEntity.Storage));
        await cluster.AssertInvariantsAsync();
    }

    /// <summary>On SQLite only: what the profile survives does not depend on the store, and the pauses are long.</summary>
    [Theory]
    [InlineData("Balanced", null, 4)]
    [InlineData("Balanced", "00:00:14", 12)] // twice the profile's lease, and longer than Orleans' patience is with it
    [InlineData("Cloud", null, 10)]
    public async Task A_node_paused_for_no_longer_than_its_profile_survives_is_not_declared_dead_and_nothing_runs_again(string profile, string? lease, int seconds)
    {
        var environment = new Dictionary<string, string> { ["FaultTolerance__Nodes__Profile"] = profile };
        if (lease is not null)
        {
            environment["FaultTolerance__Nodes__LeaseLength"] = lease;
        }

        await using var cluster = await ChaosCluster.StartAsync(environment: environment);
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var visitor = await gate.NextAsync(cluster.Hang);
        var process = cluster.Silos.Process(visitor.Node);

        cluster.Freeze(process);
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cluster.Hang); // the fault itself
        process.Resume();
        await visitor.LetThroughAsync();

        Assert.Equal(1, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.Single((await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang))!.Attempts);
        await cluster.AssertInvariantsAsync();
        await cluster.AssertOneViewAsync();
        Assert.Empty(cluster.Deaths());
        Assert.Empty(await cluster.IncidentsAsync());
    }
}
