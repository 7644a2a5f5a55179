using FaultTolerance.Chaos.Handlers;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Nodes that are told to leave, in time or too late.</summary>
public sealed class DrainScenarios(ChaosServer server)
{
    /// <summary>Whatever is lost with its node has failed for good: so it shows who was charged.</summary>
    private static readonly SubmitOptions NoLosses = new() { Retry = new() { MaxCrashRetries = 0, MaxNodeLossRetries = 0 } };

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task A_node_that_is_drained_by_order_hands_over_at_the_deadline_at_no_cost_and_its_process_ends(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store));
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default), NoLosses);
        var visitor = await gate.NextAsync(cluster.Hang);
        var node = await cluster.NodeAsync(visitor.Node);

        var first = await node.DrainAsync(new NodeDrain { Within = TimeSpan.FromHours(1), Reason = "a new kernel" });
        Assert.Equal(first, await node.DrainAsync(new NodeDrain { Within = TimeSpan.FromHours(1) })); // a repeat changes nothing
        await cluster.UntilAsync("drain-started", told => told.Node == visitor.Node);
        await node.DrainAsync(new NodeDrain { Within = TimeSpan.Zero });
        await visitor.HungUpAsync(cluster.Hang);
        var successor = await gate.NextAsync(cluster.Hang);
        await successor.LetThroughAsync();

        Assert.Equal(2, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.NotEqual(visitor.Node, successor.Node);
        Assert.Equal(0, await cluster.Silos.Process(visitor.Node).Ended.WaitAsync(cluster.Hang));
        await cluster.UntilAsync("left", told => told.Node == visitor.Node);
        Assert.Empty(await cluster.IncidentsAsync());
        await Assert.ThrowsAsync<FaultToleranceException>(() => node.DrainAsync(new NodeDrain()));
        await cluster.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_machine_that_is_taken_away_while_it_hands_over_was_preempted_and_its_attempts_move_at_no_cost()
    {
        await using var cluster = await ChaosCluster.StartAsync();
        using var gate = new Gate();
        var stubborn = await cluster.Client.SubmitAsync((ChaosTasks t) => t.VisitStubbornly(gate.Port, default!), NoLosses);
        var visitor = await gate.NextAsync(cluster.Hang);
        var companion = await CompanionAsync(cluster, gate, visitor.Node);

        await (await cluster.NodeAsync(visitor.Node)).DrainAsync(new NodeDrain { Within = TimeSpan.FromSeconds(5), IsPreemption = true });
        await companion.HungUpAsync(cluster.Hang); // tokens fire once the row says that the node hands over
        cluster.Silos.Process(visitor.Node).Kill();
        var letting = cluster.LetAllThroughAsync(gate);

        Assert.Equal(2, await cluster.Client.GetAsync(stubborn, cancellationToken: cluster.Hang));
        await cluster.UntilRecoveredAsync(visitor.Node);
        var incident = Assert.Single(await cluster.IncidentsAsync());
        Assert.Equal((FailureKind.Preempted, visitor.Node), (incident.Kind, incident.Node));
        gate.Dispose();
        await letting;
        await cluster.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_machine_that_vanishes_before_its_announced_time_is_a_crash()
    {
        await using var cluster = await ChaosCluster.StartAsync();
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default), NoLosses);
        var visitor = await gate.NextAsync(cluster.Hang);

        await (await cluster.NodeAsync(visitor.Node)).DrainAsync(new NodeDrain { Within = TimeSpan.FromHours(1), IsPreemption = true });
        await cluster.UntilAsync("drain-started", told => told.Node == visitor.Node);
        cluster.Silos.Process(visitor.Node).Kill();

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.Equal(FailureKind.Crash, failure.Failure.Kind);
        await cluster.UntilRecoveredAsync(visitor.Node);
        Assert.Equal(FailureKind.Crash, Assert.Single(await cluster.IncidentsAsync()).Kind);
        await cluster.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_node_that_drains_and_is_told_to_end_besides_lets_its_attempts_finish_and_leaves_once()
    {
        await using var cluster = await ChaosCluster.StartAsync();
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default), NoLosses);
        var visitor = await gate.NextAsync(cluster.Hang);

        await (await cluster.NodeAsync(visitor.Node)).DrainAsync(new NodeDrain { Within = TimeSpan.FromHours(1) });
        cluster.Silos.Process(visitor.Node).Terminate();
        await cluster.UntilAsync("drain-started", told => told.Node == visitor.Node);
        await visitor.LetThroughAsync();

        Assert.Equal(1, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.Equal(0, await cluster.Silos.Process(visitor.Node).Ended.WaitAsync(cluster.Hang));
        await cluster.UntilAsync("left", told => told.Node == visitor.Node);
        Assert.Single(cluster.Silos.Events.ToList(), told => told.Name == "left" && told.Node == visitor.Node);
        Assert.Empty(await cluster.IncidentsAsync());
        await cluster.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_node_that_is_evicted_hands_over_at_once()
    {
        await using var cluster = await ChaosCluster.StartAsync();
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default), NoLosses);
        var visitor = await gate.NextAsync(cluster.Hang);

        await (await cluster.NodeAsync(visitor.Node)).EvictAsync("it is in the way");
        await visitor.HungUpAsync(cluster.Hang);
        await (await gate.NextAsync(cluster.Hang)).LetThroughAsync();

        Assert.Equal(2, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.Equal(0, await cluster.Silos.Process(visitor.Node).Ended.WaitAsync(cluster.Hang));
        Assert.Empty(await cluster.IncidentsAsync());
        await cluster.AssertInvariantsAsync();
    }

    /// <summary>Starts visits until one waits on the given node.</summary>
    private static async Task<Visitor> CompanionAsync(ChaosCluster cluster, Gate gate, string node)
    {
        while (true)
        {
            await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
            var visitor = await gate.NextAsync(cluster.Hang);
            if (visitor.Node == node)
            {
                return visitor;
            }

            await visitor.LetThroughAsync();
        }
    }
}
