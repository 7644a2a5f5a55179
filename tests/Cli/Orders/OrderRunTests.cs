using System.Text.Json;
using FaultTolerance.Chaos.Handlers;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Tests.Clusters;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Cli.Tests.Orders;

/// <summary>Orders to nodes of a local cluster of real processes.</summary>
public sealed class OrderRunTests
{
    [Fact]
    public async Task A_node_is_quarantined_over_a_restart_released_drained_and_another_evicted_until_none_is_left()
    {
        await using var cluster = new TestCluster();
        await cluster.StartAsync(silos: 3);

        var order = await cluster.AskAsync([ExitCodes.Right], "quarantine", "silo-1", "--reason", "a loud fan");
        Assert.Equal(("quarantine", "quarantined", true), (Text(order, "order"), Text(order, "phase"), order.GetProperty("isDone").GetBoolean()));
        var shown = await NodeAsync(cluster, "silo-1");
        Assert.Equal(("quarantined", "a loud fan", 0), (Text(shown, "phase"), Text(shown, "orderReason"), shown.GetProperty("usableSlots").GetInt32()));

        LocalProcess.Kill(cluster.State.Silos.Single(silo => silo.Name == "silo-1").Process!);
        await cluster.UntilAsync(state => state.Silos.Single(silo => silo.Name == "silo-1") is { Restarts: 1, IsReady: true });
        order = await cluster.AskAsync([ExitCodes.Right], "quarantine", "silo-1"); // it was quarantined already, and is again
        Assert.Equal("a loud fan", Text(order, "reason"));
        order = await cluster.AskAsync([ExitCodes.Right], "release", "silo-1");
        Assert.Equal("none", Text(order, "order"));

        await using (var client = await cluster.ConnectAsync())
        {
            var sums = await client.Tasks.SubmitManyAsync((ChaosTasks t, int i) => t.Add(i, 1), [.. Enumerable.Range(0, 100)]);
            order = await cluster.AskAsync([ExitCodes.Right], "drain", "silo-2", "--within", "30");
            Assert.Equal(("drain", "left"), (Text(order, "order"), Text(order, "phase")));
            order = await cluster.AskAsync([ExitCodes.Right], "evict", "silo-3");
            Assert.Equal(("evict", "left"), (Text(order, "order"), Text(order, "phase")));
            Assert.Equal(100, await client.Tasks.GetAsync(sums[99]).WaitAsync(TestCluster.HangLimit));
        }

        Assert.Equal(ExitCodes.NotFound, await cluster.RunAsync("drain", "silo-2"));
        Assert.Contains("Node silo-2 has no life that has not ended.", cluster.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotFound, await cluster.RunAsync("evict", "silo-9"));
        Assert.Contains("There is no node silo-9. The cluster's nodes are: silo-1.", cluster.Error, StringComparison.Ordinal);

        // Whether the last silo still says that it has left is a matter of chance. So it falls silent as soon as it was told.
        var last = cluster.State.Silos.Single(silo => silo.Name == "silo-1").Process!;
        Assert.Equal(ExitCodes.Unreachable, await cluster.RunAsync(line => FreezeWhenTold(line, last), "drain", "silo-1"));
        Assert.Contains("The order stands: silo-1 is to drain. But nobody can be asked any more", cluster.Error, StringComparison.Ordinal);
        LocalProcess.Resume(last);
    }

    private static void FreezeWhenTold(string line, ProcessIdentity silo)
    {
        if (line.StartsWith("silo-1 was told.", StringComparison.Ordinal))
        {
            LocalProcess.Pause(silo);
        }
    }

    private static async Task<JsonElement> NodeAsync(TestCluster cluster, string name) =>
        (await cluster.AskAsync([ExitCodes.Right, ExitCodes.Wrong], "nodes")).GetProperty("nodes").EnumerateArray().Single(node => Text(node, "name") == name);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
