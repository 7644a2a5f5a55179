namespace FaultTolerance.Scenarios.Tests;

public sealed class LargeOutcomeScenarios(ClusterFixture cluster)
{
    [Fact]
    public async Task A_client_that_was_told_nothing_gets_two_thousand_results_of_60_KB_by_asking()
    {
        var submitted = await cluster.Cluster.HostedClient.SubmitManyAsync((ScenarioTasks t, int length) => t.Big(length), Enumerable.Repeat(60_000, 2_000));
        await cluster.Cluster.HostedClient.WaitAllAsync(submitted.Select(task => (IObjectRef)task));

        var results = await cluster.Client.GetAllAsync(submitted);

        Assert.Equal(2_000, results.Count);
        Assert.All(results, result => Assert.Equal(60_000, result.Length));
    }
}
