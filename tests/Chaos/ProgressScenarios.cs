using FaultTolerance.Chaos.Handlers;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Tasks that save their progress, on nodes that are killed or drained half-way.</summary>
public sealed class ProgressScenarios(ChaosServer server)
{
    /// <summary>Whatever is charged has failed for good.</summary>
    private static readonly SubmitOptions NoBudget = new()
    {
        Retry = new() { MaxCrashRetries = 0, MaxNodeLossRetries = 0, MaxTimeoutRetries = 0, MaxExceptionRetries = 0 },
    };

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task A_task_whose_node_is_killed_continues_from_its_progress_on_another_node(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store));
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Steps(3, gate.Port, default!, default));
        var second = await StepAsync(cluster, gate);
        Assert.Equal(1, (await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang))!.Task.Progress!.Attempt);

        cluster.Silos.Process(second.Node).Kill();
        var again = await StepAsync(cluster, gate);
        await again.LetThroughAsync();

        Assert.Equal(2, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.NotEqual(second.Node, again.Node);
        Assert.Equal((1, 2), (second.Attempt, again.Attempt));
        await cluster.UntilRecoveredAsync(second.Node);
        await cluster.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task A_drained_node_hands_over_with_the_progress_and_no_budget_is_charged(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store));
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Steps(3, gate.Port, default!, default), NoBudget);
        var second = await StepAsync(cluster, gate);

        await (await cluster.NodeAsync(second.Node)).DrainAsync(new NodeDrain { Within = TimeSpan.Zero });
        await second.HungUpAsync(cluster.Hang);
        var again = await StepAsync(cluster, gate);
        await again.LetThroughAsync();

        Assert.Equal(2, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.NotEqual(second.Node, again.Node);
        var history = await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang);
        Assert.Equal([FailureKind.Drained], history!.Task.Retries.Keys);
        Assert.Equal([FailureKind.Drained, null], history.Attempts.Select(attempt => attempt.Failure?.Kind));
        Assert.Equal(0, await cluster.Silos.Process(second.Node).Ended.WaitAsync(cluster.Hang));
        Assert.Empty(await cluster.IncidentsAsync());
        await cluster.AssertInvariantsAsync();
    }

    /// <summary>Lets the attempt that calls at the gate do its step, and returns it as it waits with its next: the step is saved then.</summary>
    private static async Task<Visitor> StepAsync(ChaosCluster cluster, Gate gate)
    {
        await (await gate.NextAsync(cluster.Hang)).LetThroughAsync();
        return await gate.NextAsync(cluster.Hang);
    }
}
