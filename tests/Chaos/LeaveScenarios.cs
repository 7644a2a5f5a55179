using FaultTolerance.Chaos.Handlers;

namespace FaultTolerance.Chaos.Tests;

public sealed class LeaveScenarios(ChaosServer server)
{
    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task A_node_that_is_asked_to_leave_lets_its_attempts_finish_and_is_no_incident(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store));
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var visitor = await gate.NextAsync(cluster.Hang);
        var process = cluster.Silos.Process(visitor.Node);

        process.Terminate();
        await cluster.UntilAsync("drain-started", told => told.Node == visitor.Node);
        await visitor.LetThroughAsync();

        Assert.Equal(1, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.Equal(0, await process.Ended.WaitAsync(cluster.Hang));
        await cluster.UntilAsync("left", told => told.Node == visitor.Node);
        await cluster.AssertInvariantsAsync();
        Assert.Empty(await cluster.IncidentsAsync());
    }

    [Fact]
    public async Task An_attempt_that_outlasts_the_drain_moves_at_no_cost_and_is_no_incident()
    {
        await using var cluster = await ChaosCluster.StartAsync(
            environment: new Dictionary<string, string> { ["FaultTolerance__Nodes__DrainTimeout"] = "00:00:00.5" });
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync(
            (ChaosTasks t) => t.Visit(gate.Port, default!, default), new SubmitOptions { Retry = new() { MaxCrashRetries = 0, MaxNodeLossRetries = 0 } });
        var visitor = await gate.NextAsync(cluster.Hang);
        var process = cluster.Silos.Process(visitor.Node);

        process.Terminate();
        await visitor.HungUpAsync(cluster.Hang);
        var successor = await gate.NextAsync(cluster.Hang);
        await successor.LetThroughAsync();

        Assert.Equal(2, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.NotEqual(visitor.Node, successor.Node);
        Assert.Equal(0, await process.Ended.WaitAsync(cluster.Hang));
        await cluster.UntilAsync("left", told => told.Node == visitor.Node);
        var history = await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang);
        Assert.Equal([FailureKind.Drained, null], history!.Attempts.Select(attempt => attempt.Failure?.Kind));
        await cluster.AssertInvariantsAsync();
        Assert.Empty(await cluster.IncidentsAsync());
    }
}
