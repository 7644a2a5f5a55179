using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FaultTolerance.Scenarios.Tests;

/// <summary>Nodes whose clocks are wrong.</summary>
public sealed class ClockScenarios
{
    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_node_whose_clock_is_set_wrong_by_minutes_is_not_declared_dead_and_its_tasks_end_in_time(int minutes)
    {
        var (silos, time) = (0, new OffsetTime());
        await using var cluster = await FaultyCluster.StartAsync(nodes: 3, silo =>
        {
            ClusterFixture.AddHandlers(silo);
            if (Interlocked.Increment(ref silos) == 2)
            {
                silo.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
            }
        });
        time.Offset = TimeSpan.FromMinutes(minutes);
        var options = new SubmitOptions { Deadline = TimeSpan.FromMinutes(5), AttemptTimeout = TimeSpan.FromMinutes(1), PendingTimeout = TimeSpan.FromMinutes(1) };

        var sums = await cluster.Client.SubmitManyAsync((ScenarioTasks t, int i) => t.Add(i, 1), [.. Enumerable.Range(0, 300)], options);
        foreach (var (sum, i) in sums.Select((sum, i) => (sum, i)))
        {
            Assert.Equal(i + 1, await cluster.Client.GetAsync(sum, TimeSpan.FromMinutes(2)));
        }

        var nodes = await cluster.Orleans.GetGrain<IFailureDetectorGrain>(0).GetNodesAsync();
        Assert.Equal(3, nodes.Count(node => node.EndedAt is null));
        Assert.Empty(await cluster.Orleans.GetGrain<IClusterQueryGrain>(0).ListIncidentsAsync(10));
    }

    private sealed class OffsetTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
