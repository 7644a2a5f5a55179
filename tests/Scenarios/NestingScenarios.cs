using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Testing.Clusters;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>Tasks that submit tasks and wait for them, on nodes that have two slots each.</summary>
public sealed class NestingScenarios
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Parents_that_wait_for_their_children_do_not_fill_the_node_against_them(int nodes)
    {
        await using var cluster = await StartAsync(nodes);

        var parents = await cluster.Client.SubmitManyAsync((ScenarioTasks t, int children) => t.Width(children, default!, default), Enumerable.Repeat(3, 12));

        var sums = await Task.WhenAll(parents.Select(parent => cluster.Client.GetAsync(parent, HangLimit)));
        Assert.Equal(Enumerable.Repeat(6, 12), sums);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_recursion_deeper_than_all_slots_of_the_cluster_finishes(int nodes)
    {
        await using var cluster = await StartAsync(nodes);

        var root = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.Depth(20, default!, default));

        Assert.Equal(21, await cluster.Client.GetAsync(root, HangLimit));
    }

    private static Task<FaultyCluster> StartAsync(int nodes) => FaultyCluster.StartAsync(nodes, silo =>
    {
        ClusterFixture.AddHandlers(silo);
        silo.Configure<TaskPipelineOptions>(options => options.Slots = 2);
    });
}
