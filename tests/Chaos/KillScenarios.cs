using FaultTolerance.Chaos.Handlers;

namespace FaultTolerance.Chaos.Tests;

public sealed class KillScenarios(ChaosServer server)
{
    private static readonly SubmitOptions NoCrashRetries = new() { Retry = new() { MaxCrashRetries = 0 } };

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task A_task_whose_node_is_killed_runs_again_on_another_node(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store));
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var first = await gate.NextAsync(cluster.Hang);

        cluster.Silos.Process(first.Node).Kill();
        var second = await gate.NextAsync(cluster.Hang);
        await second.LetThroughAsync();

        Assert.Equal(2, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.NotEqual(first.Node, second.Node);
        await cluster.UntilRecoveredAsync(first.Node);
        Assert.Equal("Crash", Assert.Single(cluster.Deaths(first.Node)).Text("kind"));
        var history = await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang);
        Assert.Equal([first.Node, second.Node], history!.Attempts.Select(attempt => attempt.Node));
        Assert.Equal([FailureKind.Crash, null], history.Attempts.Select(attempt => attempt.Failure?.Kind));
        Assert.Equal(AttemptOutcome.Succeeded, history.Attempts[1].Outcome);
        Assert.All(history.Attempts, attempt => Assert.InRange(attempt.EndedAt!.Value, attempt.ClaimedAt, DateTimeOffset.MaxValue));
        await cluster.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_task_without_retries_left_fails_with_the_crash_and_there_is_one_incident()
    {
        await using var cluster = await ChaosCluster.StartAsync();
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default), NoCrashRetries);
        var visitor = await gate.NextAsync(cluster.Hang);

        cluster.Silos.Process(visitor.Node).Kill();

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.Equal((FailureKind.Crash, 1), (error.Failure.Kind, error.Failure.Attempt));
        Assert.Contains(visitor.Node, error.Failure.Message, StringComparison.Ordinal);
        await cluster.UntilRecoveredAsync(visitor.Node);
        await cluster.AssertInvariantsAsync();
        var incident = Assert.Single(await cluster.IncidentsAsync());
        Assert.Equal((visitor.Node, FailureKind.Crash, 1), (incident.Node, incident.Kind, incident.AttemptsAffected));
    }

    [Fact]
    public async Task A_task_that_always_kills_its_process_is_tried_limit_plus_one_times()
    {
        await using var cluster = await ChaosCluster.StartAsync(restartsDead: true);

        var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.CrashUntil(99, default!), new SubmitOptions { Retry = new() { MaxCrashRetries = 2, DelayBase = TimeSpan.FromMilliseconds(100) } });

        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        var history = await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang);
        Assert.Equal(3, error.Failure.Attempt);
        Assert.Equal([FailureKind.Crash, FailureKind.Crash, FailureKind.Crash], history!.Attempts.Select(attempt => attempt.Failure!.Kind));
        Assert.Equal(
            [FailureResponse.Retried, FailureResponse.Isolated, FailureResponse.Failed],
            history.Attempts.Select(attempt => attempt.Failure!.Response));
        await cluster.AssertInvariantsAsync();
    }

    [Fact]
    public async Task A_graph_of_tasks_survives_the_death_of_a_node_in_its_width_and_of_another_in_its_chain()
    {
        await using var cluster = await ChaosCluster.StartAsync();
        using var gate = new Gate();
        var top = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var wide = await cluster.Client.SubmitManyAsync((ChaosTasks t, int i) => t.AddAtGate(top.Result, i, i == 500 ? gate.Port : 0, default!, default), Enumerable.Range(0, 1_000));
        var sum = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Sum(wide.Results()));
        var chained = sum;
        for (var i = 0; i < 5; i++)
        {
            var (last, port) = (chained, i == 2 ? gate.Port : 0);
            chained = await cluster.Client.SubmitAsync((ChaosTasks t) => t.AddAtGate(last.Result, 1, port, default!, default));
        }

        await (await gate.NextAsync(cluster.Hang)).LetThroughAsync();
        var inTheMidst = await gate.NextAsync(cluster.Hang);
        cluster.Silos.Process(inTheMidst.Node).Kill();
        await (await gate.NextAsync(cluster.Hang)).LetThroughAsync();
        var inTheChain = await gate.NextAsync(cluster.Hang);
        cluster.Silos.Process(inTheChain.Node).Kill();
        await (await gate.NextAsync(cluster.Hang)).LetThroughAsync();

        Assert.Equal(1_000 + 499_500 + 5, await cluster.Client.GetAsync(chained, cancellationToken: cluster.Hang));
        foreach (var task in wide)
        {
            var history = await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang);
            Assert.Equal(AttemptOutcome.Succeeded, history!.Attempts[^1].Outcome);
            Assert.All(history.Attempts.SkipLast(1), attempt => Assert.Equal(inTheMidst.Node, attempt.Node)); // run again only where the death hit it
        }

        await cluster.AssertInvariantsAsync();
    }

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task All_silos_killed_and_started_again_finish_every_accepted_task(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store));
        using var gate = new Gate();
        var held = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var dependent = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Add(held.Result, 40));
        var later = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Add(1, 1), new SubmitOptions { StartAfter = TimeSpan.FromSeconds(2) });
        var retried = await cluster.Client.SubmitAsync(
            (ChaosTasks t) => t.FailUntil(2, default!),
            new SubmitOptions { Retry = new() { RetryOn = [typeof(InvalidOperationException).FullName!], DelayBase = TimeSpan.FromSeconds(2) } });
        var keyed = new SubmitOptions { IdempotencyKey = "once" };
        var once = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Add(1, 2), keyed);
        var parent = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Parent(gate.Port, default!, default));
        await gate.NextAsync(cluster.Hang);
        await gate.NextAsync(cluster.Hang); // the child of the parent

        var names = cluster.Silos.Slots.Select(slot => slot.Name).ToList();
        names.ForEach(name => cluster.Silos.Process(name).Kill());
        await Task.WhenAll(names.Select(name => cluster.Silos.Process(name).Ended));
        await Task.WhenAll(names.Select(name => cluster.Silos.StartAsync(name, cluster.Hang)));
        var again = cluster.LetAllThroughAsync(gate);

        Assert.Equal(42, await cluster.Client.GetAsync(dependent, cancellationToken: cluster.Hang));
        Assert.Equal(2, await cluster.Client.GetAsync(later, cancellationToken: cluster.Hang));
        Assert.Equal(2, await cluster.Client.GetAsync(retried, cancellationToken: cluster.Hang));
        Assert.Equal(once.TaskId, (await cluster.Client.SubmitAsync((ChaosTasks t) => t.Add(1, 2), keyed)).TaskId);
        Assert.Equal(3, await cluster.Client.GetAsync(once, cancellationToken: cluster.Hang));
        Assert.InRange(await cluster.Client.GetAsync(parent, cancellationToken: cluster.Hang), 1, 2);
        var children = (await cluster.Client.GetLineageAsync(parent.TaskId, cluster.Hang))!.Children;
        await cluster.Client.WaitAllAsync(children.Select(child => (IObjectRef)new ObjectRef<int>(child)), cancellationToken: cluster.Hang);
        await cluster.AssertInvariantsAsync();
        gate.Dispose();
        await again;
    }

    [Fact]
    public async Task One_silo_alone_comes_up_after_all_were_killed_and_takes_over()
    {
        await using var cluster = await ChaosCluster.StartAsync();
        using var gate = new Gate();
        var held = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var first = await gate.NextAsync(cluster.Hang);

        var names = cluster.Silos.Slots.Select(slot => slot.Name).ToList();
        names.ForEach(name => cluster.Silos.Process(name).Kill());
        await Task.WhenAll(names.Select(name => cluster.Silos.Process(name).Ended));
        var alone = names.First(name => name != first.Node);
        await cluster.Silos.StartAsync(alone, cluster.Hang);
        var second = await gate.NextAsync(cluster.Hang);
        await second.LetThroughAsync();

        Assert.Equal(alone, second.Node);
        Assert.Equal(2, await cluster.Client.GetAsync(held, cancellationToken: cluster.Hang));
        await cluster.AssertInvariantsAsync();
    }

    /// <summary>What is not proved gone is waited for: here they are frozen; hosts that are gone for good, with their addresses, look the same.</summary>
    [Fact]
    public async Task One_silo_alone_comes_up_a_lease_later_while_nothing_is_known_of_the_others()
    {
        await using var cluster = await ChaosCluster.StartAsync();
        using var gate = new Gate();
        var held = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
        var first = await gate.NextAsync(cluster.Hang);
        var names = cluster.Silos.Slots.Select(slot => slot.Name).ToList();
        var alone = names.First(name => name != first.Node);
        var frozen = names.Where(name => name != alone).Select(cluster.Silos.Process).ToList();

        cluster.Silos.Process(alone).Kill();
        frozen.ForEach(cluster.Freeze);
        await cluster.Silos.Process(alone).Ended;
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, cluster.Hang); // until they are late, whoever looks
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(45)); // Orleans alone waits for 90 s
        await cluster.Silos.StartAsync(alone, limit.Token);
        var second = await gate.NextAsync(cluster.Hang);
        frozen.ForEach(process => process.Resume());
        await Task.WhenAll(frozen.Select(process => process.Ended)).WaitAsync(cluster.Hang);
        await second.LetThroughAsync();

        Assert.Equal(alone, second.Node);
        Assert.Equal(2, await cluster.Client.GetAsync(held, cancellationToken: cluster.Hang));
        Assert.All(frozen, process => Assert.Equal("NodeLost", Assert.Single(cluster.Deaths(process.Slot.Name)).Text("kind")));
        await cluster.AssertInvariantsAsync();
    }
}
