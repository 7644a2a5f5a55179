using FaultTolerance.Chaos.Handlers;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing;

namespace FaultTolerance.Chaos.Tests;

/// <summary>A PostgreSQL that is away from all silos while they work.</summary>
public sealed class StoreOutageScenarios : IAsyncLifetime
{
    private const int Silos = 3;
    private const int Held = 6;

    /// <summary>How long the server is away before a node is asked to leave: every lease has ended.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);

    /// <summary>After this nobody is spared any more for the outage: longer than a lease.</summary>
    private static readonly SubmitOptions Afterwards = new() { StartAfter = TimeSpan.FromSeconds(10) };

    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public Task A_server_that_is_stopped_for_a_minute_condemns_nobody_and_every_task_ends() =>
        AssertOutlivedAsync(_server.StopAsync, () => _server.StartAsync(), submits: 2);

    [Fact]
    public Task A_server_that_is_frozen_for_half_a_minute_condemns_nobody_and_every_task_ends() =>
        AssertOutlivedAsync(_server.FreezeAsync, _server.ThawAsync, submits: 1);

    [Fact]
    public async Task A_node_that_is_killed_while_the_server_is_away_is_recovered_once_it_is_back_and_nothing_is_lost()
    {
        await using var cluster = await ChaosCluster.StartAsync(new PostgresClusterStore(_server.ConnectionString(), "death", Silos), Silos);
        using var gate = new Gate();
        var tasks = await cluster.Client.SubmitManyAsync((ChaosTasks t, int port) => t.Visit(port, default!, default), Enumerable.Repeat(gate.Port, Held));
        var visitors = await WelcomeAsync(gate, Held, cluster.Hang);
        var victim = visitors[0].Node;
        var lost = visitors.Where(visitor => visitor.Node == victim).Select(visitor => visitor.Task).ToHashSet();

        await _server.StopAsync();
        cluster.Silos.Process(victim).Kill();
        await cluster.Silos.Process(victim).Ended.WaitAsync(cluster.Hang);
        Assert.Empty(cluster.Deaths());
        await _server.StartAsync();
        var successors = await WelcomeAsync(gate, lost.Count, cluster.Hang);
        await Task.WhenAll(visitors.Where(visitor => visitor.Node != victim).Concat(successors).Select(visitor => visitor.LetThroughAsync()));
        await cluster.UntilEndedAsync(tasks);

        Assert.Equal(lost.Order(), successors.Select(visitor => visitor.Task).Order());
        foreach (var task in tasks)
        {
            var attempts = (await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang))!.Attempts;
            Assert.Equal(lost.Contains(task.TaskId) ? [FailureKind.Crash, null] : [null], attempts.Select(attempt => attempt.Failure?.Kind));
            Assert.Equal(attempts.Count, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        }

        await cluster.UntilRecoveredAsync(victim);
        await cluster.AssertInvariantsAsync();
        var incident = Assert.Single(await cluster.IncidentsAsync());
        Assert.Equal((victim, FailureKind.Crash, lost.Count), (incident.Node, incident.Kind, incident.AttemptsAffected));
    }

    [Fact]
    public async Task A_node_that_is_asked_to_leave_while_the_server_is_away_records_first_what_has_ended_there()
    {
        await using var cluster = await ChaosCluster.StartAsync(new PostgresClusterStore(_server.ConnectionString(), "leave", Silos), Silos);
        using var gate = new Gate();
        var task = await cluster.Client.SubmitAsync(
            (ChaosTasks t) => t.Visit(gate.Port, default!, default), new SubmitOptions { Retry = new() { MaxCrashRetries = 0, MaxNodeLossRetries = 0 } });
        var visitor = await gate.NextAsync(cluster.Hang);
        var process = cluster.Silos.Process(visitor.Node);

        await _server.StopAsync();
        await Task.Delay(Outage, cluster.Hang);
        await visitor.LetThroughAsync();
        process.Terminate();
        await cluster.UntilAsync("drain-started", told => told.Node == visitor.Node);
        await _server.StartAsync();

        Assert.Equal(1, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        Assert.Equal(0, await process.Ended.WaitAsync(cluster.Hang));
        await cluster.UntilAsync("left", told => told.Node == visitor.Node);
        Assert.Null(Assert.Single((await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang))!.Attempts).Failure);
        await cluster.AssertInvariantsAsync();
        Assert.Empty(await cluster.IncidentsAsync());
    }

    private static async Task<IReadOnlyList<Visitor>> WelcomeAsync(Gate gate, int count, CancellationToken cancellationToken)
    {
        var visitors = new List<Visitor>();
        while (visitors.Count < count)
        {
            visitors.Add(await gate.NextAsync(cancellationToken));
        }

        return visitors;
    }

    private async Task AssertOutlivedAsync(Func<Task> takeAway, Func<Task> giveBack, int submits)
    {
        await using var cluster = await ChaosCluster.StartAsync(new PostgresClusterStore(_server.ConnectionString(), "outage", Silos), Silos);
        using var gate = new Gate();
        var held = await cluster.Client.SubmitManyAsync((ChaosTasks t, int port) => t.Visit(port, default!, default), Enumerable.Repeat(gate.Port, Held));
        var dependent = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Sum(held.Results()));
        var visitors = await WelcomeAsync(gate, Held, cluster.Hang);

        await takeAway();
        await Task.WhenAll(visitors.Take(Held / 2).Select(visitor => visitor.LetThroughAsync()));
        var unknown = new SubmitOptions { Id = TaskId.New() };
        for (var submit = 0; submit < submits; submit++)
        {
            // Each gives up after 30 seconds, which is several leases.
            var timeout = await Assert.ThrowsAsync<SubmitTimeoutException>(() => cluster.Client.SubmitAsync((ChaosTasks t) => t.Add(1, 2), unknown));
            Assert.True(timeout.IsRetryable);
        }

        await giveBack();
        await Task.WhenAll(visitors.Skip(Held / 2).Select(visitor => visitor.LetThroughAsync()));

        // Whether their handlers ended during the outage or after it: none was stopped, and none ran twice.
        Assert.Equal(Held, await cluster.Client.GetAsync(dependent, cancellationToken: cluster.Hang));
        Assert.Equal(3, await cluster.Client.GetAsync(await cluster.Client.SubmitAsync((ChaosTasks t) => t.Add(1, 2), unknown), cancellationToken: cluster.Hang));
        Assert.Equal(7, await cluster.Client.GetAsync(await cluster.Client.SubmitAsync((ChaosTasks t) => t.Add(3, 4), Afterwards), cancellationToken: cluster.Hang));
        await cluster.AssertInvariantsAsync();
        Assert.Empty(await cluster.IncidentsAsync());
        Assert.DoesNotContain(cluster.Silos.Events.ToList(), told => told.Name is "dead" or "process-ended");
    }
}
