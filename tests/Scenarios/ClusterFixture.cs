using FaultTolerance.Scenarios.Tests;
using FaultTolerance.Testing.Clusters;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

namespace FaultTolerance.Scenarios.Tests;

/// <summary>Three silos that all scenarios share which harm nobody but their own tasks.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public FaultyCluster Cluster { get; private set; } = null!;

    public IFaultToleranceClient Client => Cluster.Client;

    public static void AddHandlers(ISiloBuilder silo) => silo.AddTaskHandlers(handlers => handlers.Add<ScenarioTasks>());

    public async ValueTask InitializeAsync() => Cluster = await FaultyCluster.StartAsync(nodes: 3, AddHandlers);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
