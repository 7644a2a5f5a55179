using FaultTolerance.Chaos.Handlers;

namespace FaultTolerance.Chaos.Tests;

/// <summary>A node that fails everything it runs.</summary>
public sealed class QuarantineScenarios
{
    private const string Odd = "silo-2";

    private static readonly SubmitOptions Retried = new() { Retry = new() { MaxExceptionRetries = 1_000, RetryOn = [typeof(Exception).FullName!], DelayBase = TimeSpan.FromMilliseconds(100), Multiplier = 1 } };

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["FaultTolerance__Quarantine__MinAttempts"] = "10",
        ["FaultTolerance__Quarantine__BaseTime"] = "00:00:05",
        ["FaultTolerance__Quarantine__ReturnStep"] = "00:00:00.5",
    };

    [Fact]
    public async Task A_node_that_fails_what_others_can_run_is_quarantined_with_the_evidence_and_let_back_slowly()
    {
        await using var cluster = await ChaosCluster.StartAsync(environment: Settings);
        var quarantined = cluster.UntilAsync("quarantined", told => told.Node == Odd);
        var released = cluster.UntilAsync("released", told => told.Node == Odd);

        while (!quarantined.IsCompleted)
        {
            Assert.DoesNotContain(Odd, await RunAsync(cluster, failingOn: Odd));
        }

        Assert.Matches("^[0-9]+ of its [0-9]+ attempts failed within 00:01:00, and [0-9]+ of [0-9]+ of the same handlers on the other nodes.$", (await quarantined).Text("reason"));
        while (!released.IsCompleted)
        {
            await RunAsync(cluster, failingOn: "nobody");
        }

        while (!(await RunAsync(cluster, failingOn: "nobody")).Contains(Odd))
        {
            Assert.Empty(cluster.Deaths(Odd));
        }

        Assert.Empty(await cluster.IncidentsAsync());
        await cluster.AssertInvariantsAsync();
    }

    /// <summary>Runs a wave of tasks, and returns the nodes on which they succeeded.</summary>
    private static async Task<IReadOnlySet<string>> RunAsync(ChaosCluster cluster, string failingOn)
    {
        var tasks = await cluster.Client.SubmitManyAsync((ChaosTasks t, int i) => t.FailOn(failingOn, default!), [.. Enumerable.Range(0, 60)], Retried);
        var nodes = new HashSet<string>();
        foreach (var task in tasks)
        {
            nodes.Add(await cluster.Client.GetAsync(task, cancellationToken: cluster.Hang));
        }

        return nodes;
    }
}
