using FaultTolerance.Client.Tests.Calls;
using FaultTolerance.Client.Tests.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace FaultTolerance.Client.Tests.Orleans;

/// <summary>The client over real Orleans messages: outside the cluster, inside a silo, and inside a grain's turn.</summary>
public sealed class RealClusterTests : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public RealClusterTests()
    {
        // No question may help out: what is asserted is what was told.
        static void Patient(FaultToleranceClientOptions options) => options.Silence = options.MaxSilence = TimeSpan.FromMinutes(1);

        var builder = new InProcessTestClusterBuilder(initialSilosCount: 2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddFaultToleranceClient(Patient);

            // The fakes of other tests implement grains' interfaces, but are no grains.
            silo.Configure<GrainTypeOptions>(types => types.Classes.RemoveWhere(type => type.DeclaringType == typeof(FakeCluster)));
        });
        builder.ConfigureClient(client => client.AddFaultToleranceClient(Patient));
        _cluster = builder.Build();
    }

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_client_outside_the_cluster_is_told_of_its_outcomes()
    {
        var client = _cluster.Client.ServiceProvider.GetRequiredService<IFaultToleranceClient>();

        var one = await client.SubmitAsync((FileTasks t) => t.Digest("/one"));
        var many = await client.SubmitManyAsync((FileTasks t, string path) => t.Digest(path), Enumerable.Range(0, 1_200).Select(i => $"/{i}"));

        Assert.Equal(new Digest("/one", 4), await Hang.Limit(client.GetAsync(one), "the outcome was not told"));
        var digests = await Hang.Limit(client.GetAllAsync(many), "outcomes were not told");
        Assert.Equal(Enumerable.Range(0, 1_200).Select(i => $"/{i}"), digests.Select(digest => digest.Hash));
    }

    [Fact]
    public async Task A_client_inside_a_silo_is_told_of_its_outcomes()
    {
        foreach (var silo in _cluster.Silos)
        {
            var client = silo.ServiceProvider.GetRequiredService<IFaultToleranceClient>();
            var reference = await client.SubmitAsync((FileTasks t) => t.Digest("/inside"));
            Assert.Equal(new Digest("/inside", 7), await Hang.Limit(client.GetAsync(reference), "the outcome was not told"));
        }
    }

    [Fact]
    public async Task A_grain_may_be_the_first_to_use_the_client_of_its_silo()
    {
        var digests = Enumerable.Range(0, 20).Select(i => _cluster.Client.GetGrain<ISubmittingGrain>(i).DigestAsync($"/{i}")).ToList();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"/{i}"), (await Hang.Limit(Task.WhenAll(digests), "outcomes were not told")).Select(digest => digest.Hash));
    }

    [Fact]
    public async Task Another_clients_task_is_got_by_asking()
    {
        var outside = _cluster.Client.ServiceProvider.GetRequiredService<IFaultToleranceClient>();
        var inside = _cluster.Silos[0].ServiceProvider.GetRequiredService<IFaultToleranceClient>();

        var reference = await outside.SubmitAsync((FileTasks t) => t.Digest("/foreign"));

        Assert.Equal(new Digest("/foreign", 8), await Hang.Limit(inside.GetAsync(reference), "the question was not answered"));
        await Assert.ThrowsAsync<TaskUnknownException>(() => inside.GetAsync(new ObjectRef<Digest>(TaskId.New())));
    }
}
