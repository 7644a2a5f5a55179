using FaultTolerance.Chaos.Handlers;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Pauses of about a lease, which is 1.75 s here: whether the node is dead at their end hangs on milliseconds, and must not matter.</summary>
public sealed class PauseLengthScenarios(ChaosServer server)
{
    private static readonly double[] Lengths = [1.5, 1.7, 1.75, 1.85, 2.2];

    private static readonly TimeSpan ToBeWhole = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task However_long_nodes_are_paused_around_their_lease_all_see_them_alike_and_every_task_ends_once()
    {
        var place = server.NewStore(nameof(StoreKind.Postgres));
        await using var cluster = await ChaosCluster.StartAsync(
            place, restartsDead: true, environment: new Dictionary<string, string> { ["FaultTolerance__Nodes__Profile"] = "Fast" });
        await using var store = await place.OpenAsync(cluster.Hang);
        var (lives, nodes) = (new LifeWatch(store, TimeProvider.System), cluster.Silos.Slots.Select(slot => slot.Name).ToList());
        var tasks = new List<ObjectRef<int>>();
        foreach (var seconds in Lengths)
        {
            using var gate = new Gate();
            tasks.Add(await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default)));
            var visitor = await gate.NextAsync(cluster.Hang);
            var process = cluster.Silos.Process(visitor.Node);

            cluster.Freeze(process);
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cluster.Hang); // the fault itself
            process.Resume();

            var through = cluster.LetAllThroughAsync(gate);
            await visitor.LetThroughAsync();
            await cluster.UntilEndedAsync([tasks[^1]]);
            gate.Dispose();
            await through;
            Assert.True(await lives.UntilWholeAsync(nodes, ToBeWhole, cluster.Hang));
        }

        foreach (var task in tasks)
        {
            var attempts = (await cluster.Client.GetHistoryAsync(task.TaskId, cluster.Hang))!.Attempts;
            Assert.Equal(attempts.Count, await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
            Assert.Null(attempts[^1].Failure);
            Assert.All(attempts.SkipLast(1), attempt => Assert.Contains(attempt.Failure!.Kind, new[] { FailureKind.NodeLost, FailureKind.Crash, FailureKind.LeaseLost }));
        }

        await cluster.AssertInvariantsAsync();
        await cluster.AssertOneViewAsync();
        var dead = (await lives.ReadAsync(cluster.Hang)).Where(life => life.Phase == NodePhase.Dead).Select(life => life.Incarnation);
        Assert.Equal(dead.Order(), (await cluster.IncidentsAsync()).Select(incident => incident.Incarnation).Order());
    }
}
