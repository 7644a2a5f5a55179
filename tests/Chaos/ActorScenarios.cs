using FaultTolerance.Chaos.Handlers;

namespace FaultTolerance.Chaos.Tests;

public sealed class ActorScenarios(ChaosServer server)
{
    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task An_actor_that_falls_silent_is_an_incident_and_one_that_died_with_its_node_is_none(string store)
    {
        await using var cluster = await ChaosCluster.StartAsync(server.NewStore(store));
        using var gate = new Gate();
        var (dying, onVictim) = await LiveAsync(cluster, gate, "dying", static _ => true);
        var (silent, elsewhere) = await LiveAsync(cluster, gate, "silent", node => node != onVictim.Node);

        cluster.Silos.Process(onVictim.Node).Kill();
        await elsewhere.LetThroughAsync(); // it beats no more, and its node lives
        await cluster.UntilRecoveredAsync(onVictim.Node);
        await using var failures = cluster.Failures.ReadAsync(FailurePosition.Beginning, cluster.Hang).GetAsyncEnumerator(cluster.Hang);
        while (await failures.MoveNextAsync() && failures.Current.Incident.Entity != FailedEntity.Actor)
        {
        }

        var hung = Assert.Single(await cluster.IncidentsAsync(FailedEntity.Actor));
        Assert.Equal((FailureKind.Hung, "silent", elsewhere.Node), (hung.Kind, hung.ActorKey, hung.Node));
        Assert.InRange(hung.Elapsed!.Value, hung.Limit!.Value, TimeSpan.MaxValue);
        Assert.Equal((FailureKind.Crash, onVictim.Node), Assert.Single((await cluster.IncidentsAsync()).Select(incident => (incident.Kind, incident.Node))));

        var opening = cluster.LetAllThroughAsync(gate);
        Assert.Equal((2, 1), (await cluster.Client.GetAsync(dying, cancellationToken: cluster.Hang), await cluster.Client.GetAsync(silent, cancellationToken: cluster.Hang)));
        gate.Dispose();
        await opening;
        await cluster.AssertInvariantsAsync();
    }

    /// <summary>Starts actors until one lives on a node as it is wanted, and ends the others.</summary>
    private static async Task<(ObjectRef<int> Task, Visitor Visitor)> LiveAsync(ChaosCluster cluster, Gate gate, string key, Func<string, bool> isWanted)
    {
        while (true)
        {
            var task = await cluster.Client.SubmitAsync((ActorTasks t) => t.Live(key, gate.Port, default!, default));
            var visitor = await gate.NextAsync(cluster.Hang);
            if (isWanted(visitor.Node))
            {
                return (task, visitor);
            }

            await visitor.LetThroughAsync();
            await (await gate.NextAsync(cluster.Hang)).LetThroughAsync();
            await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang);
        }
    }
}
