using System.Collections.Concurrent;
using System.Diagnostics;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Telemetry;
using FaultTolerance.Grains.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Grains.Tests.Recovery;

/// <summary>What belongs to one shard's grain, as the silo's services make it.</summary>
public sealed class RecoveryScopeTests : IAsyncLifetime
{
    private StoreLab _lab = null!;

    public async ValueTask InitializeAsync()
    {
        _lab = await StoreLab.OpenAsync();
        (_lab.Recovery.Shards, _lab.Recovery.BatchSize, _lab.Recovery.AttemptsPerSecond) = (1, 10, 100);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Dead_nodes_and_orphans_of_a_shard_together_keep_to_its_rate_and_another_shard_has_its_own()
    {
        await using var silo = Silo();
        await using var one = silo.CreateAsyncScope();
        await using var other = silo.CreateAsyncScope();
        await _lab.JoinAsync(1);
        await OwnAsync(1, attempts: 5);
        await _lab.KillAsync(1);
        await OwnAsync(2, attempts: 9); // nobody knows this node any more

        await _lab.RecoverAsync(1, one.ServiceProvider.GetRequiredService<NodeRecovery>());
        await SweepOrphansAsync(one);
        Assert.Equal(4, (await _lab.TasksAsync(TaskPhase.Running)).Count); // ten attempts are a batch, whoever recovers them

        await SweepOrphansAsync(other);
        Assert.Empty(await _lab.TasksAsync(TaskPhase.Running));
    }

    [Fact]
    public async Task The_trace_of_a_recovery_ends_with_its_grain_when_the_grain_ends_first()
    {
        const int Node = 4_711; // other tests, which run at the same time, have traces of other nodes
        await _lab.JoinAsync(Node);
        await OwnAsync(Node, attempts: 1);
        await _lab.KillAsync(Node);
        _lab.EachPageTakes(1);
        var ended = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DiagnosticNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => ended.Enqueue($"{activity.GetTagItem("faulttolerance.node")}"),
        };
        ActivitySource.AddActivityListener(listener);
        await using var silo = Silo();
        await using (var scope = silo.CreateAsyncScope())
        {
            Assert.True(await scope.ServiceProvider.GetRequiredService<RecoveryShard>().PassAsync(0, CancellationToken.None));
            Assert.DoesNotContain($"node-{Node}", ended);
        }

        Assert.Single(ended, node => node == $"node-{Node}");
    }

    /// <summary>Returns the services of recovery on the store of the test.</summary>
    private ServiceProvider Silo() => new ServiceCollection()
        .AddLogging()
        .AddNodeServices()
        .RemoveAll<IRecoverySweeper>()
        .AddSingleton(_lab.Store).AddSingleton(_lab.Directory).AddSingleton(_lab.Incidents).AddSingleton(_lab.IncidentInstruments).AddSingleton(_lab.Clock)
        .AddSingleton(_lab.Reader).AddSingleton(_lab.Codec).AddSingleton(_lab.Instruments)
        .AddSingleton<INodePipeline>(_lab.Pipeline).AddSingleton<IClusterEvents>(_lab.Events).AddSingleton<TimeProvider>(_lab.Time)
        .AddSingleton(Options.Create(_lab.Recovery)).AddSingleton(Options.Create(_lab.Pipelines))
        .BuildServiceProvider();

    private static Task SweepOrphansAsync(AsyncServiceScope shard) =>
        ActivatorUtilities.CreateInstance<OrphanSweeper>(shard.ServiceProvider).StepAsync(null, CancellationToken.None);

    private async Task OwnAsync(int node, int attempts)
    {
        for (var i = 0; i < attempts; i++)
        {
            await _lab.RunningAsync(node);
        }
    }
}
