using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Hosting;
using FaultTolerance.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Storage;

namespace FaultTolerance.Storage.Tests;

public sealed class GrainStorageRegistrationTests
{
    [Fact]
    public async Task A_silo_has_its_grain_storages_by_name_and_writes_them_to_the_one_store()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDurableStore(_ => InMemoryStore.CreateEngine(TimeProvider.System));
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddFaultToleranceGrainStorage().AddFaultToleranceGrainStorage("other"));
        using var host = builder.Build();
        var store = host.Services.GetRequiredService<DurableStore>();
        await store.OpenAsync(CancellationToken.None);

        Assert.IsType<DurableGrainStorage>(host.Services.GetRequiredService<IGrainStorage>());
        var other = host.Services.GetRequiredKeyedService<IGrainStorage>("other");
        await other.WriteStateAsync("state", GrainId.Create("counter", "alpha"), new Orleans.GrainState<string>("kept"));

        Assert.NotNull(await store.ReadStateAsync("other/state/counter/alpha", CancellationToken.None));
        await store.DisposeAsync();
    }

    [Fact]
    public void A_provider_name_with_a_slash_is_refused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        Assert.Throws<ArgumentException>(() => builder.UseOrleans(silo => silo.AddFaultToleranceGrainStorage("a/b")));
    }
}
