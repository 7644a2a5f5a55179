using FaultTolerance.Chaos.Handlers;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Checking;
using FaultTolerance.Testing.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;

namespace FaultTolerance.Chaos.Tests;

/// <summary>That the checker can fail: the same zombie, in a cluster of real silos over a real store, with the fence and without it.</summary>
public sealed class FenceScenarios(ChaosServer server)
{
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(10);

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task With_the_fence_taken_out_the_checker_counts_the_outcome_that_a_zombie_commits(string store)
    {
        var (isApplied, report) = await ReportLateAsync(store, engine => new UnfencedEngine(engine));

        Assert.True(isApplied);
        Assert.Equal((1, false), (report.CommittedTwice, report.Holds));
    }

    [Theory]
    [MemberData(nameof(ChaosServer.Stores), MemberType = typeof(ChaosServer))]
    public async Task With_the_fence_the_late_report_of_a_zombie_changes_nothing(string store)
    {
        var (isApplied, report) = await ReportLateAsync(store, engine => engine);

        Assert.False(isApplied);
        Assert.Equal((0, 1, true), (report.CommittedTwice, report.Succeeded, report.Holds));
    }

    [Fact]
    public void The_host_that_users_deploy_does_not_have_the_store_without_a_fence() => Assert.DoesNotContain(
        $"{typeof(UnfencedEngine).Assembly.GetName().Name}.dll",
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "silo"), "*.dll", SearchOption.AllDirectories).Select(Path.GetFileName));

    /// <summary>Has an attempt replaced while it runs on a node that knows nothing of it, and lets it report after its successor.</summary>
    private async Task<(bool IsApplied, InvariantsReport Report)> ReportLateAsync(string kind, Func<IStorageEngine, IStorageEngine> fence)
    {
        var store = server.NewStore(kind);
        try
        {
            return await ReportLateAsync(store, fence);
        }
        finally
        {
            await store.DeleteAsync();
        }
    }

    private static async Task<(bool IsApplied, InvariantsReport Report)> ReportLateAsync(ClusterStore store, Func<IStorageEngine, IStorageEngine> fence)
    {
        using var hang = new CancellationTokenSource(HangLimit);
        using var gate = new Gate();
        await using var look = await store.OpenAsync(hang.Token);
        await store.Audit.InstallAsync(hang.Token);
        var late = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var engine = store.CreateEngine())
        await using (var cluster = await FaultyCluster.StartAsync(
            nodes: 2, engine, () => new ReportWatch(fence(store.CreateEngine()), attempt: 1, late), Configure))
        {
            var task = await cluster.Client.SubmitAsync((ChaosTasks t) => t.Visit(gate.Port, default!, default));
            var zombie = await gate.NextAsync(hang.Token);
            await ReplaceAsync(cluster, zombie, (await look.ReadAsync([task.TaskId], hang.Token))[0].Owner, hang.Token);
            var successor = await gate.NextAsync(hang.Token);
            Assert.NotEqual(zombie.Node, successor.Node);

            await successor.LetThroughAsync();
            Assert.Equal(2, await cluster.Client.GetAsync(task, cancellationToken: hang.Token));
            await zombie.LetThroughAsync();

            var isApplied = await late.Task.WaitAsync(hang.Token);
            var checker = new InvariantsChecker(look, store.Audit, cluster.SiloServices(0).GetRequiredService<Serializer>());
            return (isApplied, await checker.CheckAsync([task.TaskId], hang.Token));
        }
    }

    /// <summary>Gives each node room for one attempt.</summary>
    /// <remarks>A node that is busy with one attempt has no room for another: the successor runs elsewhere, and the zombie's node stays unaware of it.</remarks>
    private static void Configure(ISiloBuilder silo) => silo
        .Configure<TaskPipelineOptions>(options => (options.Slots, options.PrefetchFactor) = (1, 0))
        .AddTaskHandlers(handlers => handlers.Add<ChaosTasks>());

    /// <summary>Does to a node's work what recovery does once the node has been declared dead.</summary>
    private static async Task ReplaceAsync(FaultyCluster cluster, Visitor zombie, NodeIncarnation owner, CancellationToken cancellationToken)
    {
        var survivor = Enumerable.Range(0, 2).Select(cluster.SiloServices)
            .Single(silo => silo.GetRequiredService<IOptions<SiloOptions>>().Value.SiloName != zombie.Node);
        await survivor.GetRequiredService<OwnerRecovery>().RecoverAsync(
            new LostOwner(owner, zombie.Node, OwnerFate.Lost, new HashSet<TaskId>()), cancellationToken);
    }
}
