using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>A cluster whose own retry policy is not the default.</summary>
public sealed class InheritanceScenarios
{
    private static readonly TaskRetryPolicy OfTheCluster = new() { MaxExceptionRetries = 1, DelayBase = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task A_task_submitted_inside_a_handler_inherits_the_clusters_policy_and_one_of_its_own_wins()
    {
        await using var cluster = await FaultyCluster.StartAsync(nodes: 2, silo =>
        {
            ClusterFixture.AddHandlers(silo);
            silo.Services.Configure<TaskPipelineOptions>(options => options.Retry = OfTheCluster);
        });
        var own = OfTheCluster with { MaxExceptionRetries = 3 };
        var parent = await cluster.Client.SubmitAsync((ScenarioTasks t) => t.FailingChildren(own, default!, default));

        var children = await cluster.Client.GetAsync(parent);

        var attempts = await Task.WhenAll(children.Select(child => AttemptsAsync(cluster, child)));
        Assert.Equal([2, 4], attempts);
    }

    private static async Task<int> AttemptsAsync(FaultyCluster cluster, TaskId id)
    {
        var error = await Assert.ThrowsAsync<TaskFailedException>(() => cluster.Client.GetAsync(new ObjectRef<int>(id)));
        return error.Failure.Attempt;
    }
}
