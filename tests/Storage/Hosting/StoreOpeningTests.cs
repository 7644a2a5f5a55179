using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Hosting;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.Tests;

public sealed class StoreOpeningTests
{
    [Fact]
    public async Task The_store_is_open_before_any_service_of_the_host_starts_in_whatever_order_they_were_added()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Probe>().AddHostedService(provider => provider.GetRequiredService<Probe>());
        builder.Services.AddDurableStore(_ => InMemoryStore.CreateEngine(TimeProvider.System));
        using var host = builder.Build();

        await host.StartAsync();

        Assert.Equal("memory", host.Services.GetRequiredService<Probe>().Seen?.Engine);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_host_whose_store_cannot_be_opened_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Probe>().AddHostedService(provider => provider.GetRequiredService<Probe>());
        builder.Services.AddDurableStore(_ => new FaultyEngine(InMemoryStore.CreateEngine(TimeProvider.System)) { IsReachable = false });
        using var host = builder.Build();

        var failure = await Assert.ThrowsAsync<StoreException>(() => host.StartAsync());

        Assert.Equal(StoreFault.Unreachable, failure.Fault);
        Assert.Null(host.Services.GetRequiredService<Probe>().Seen);
    }

    [Fact]
    public async Task Wrong_options_are_said_as_the_host_starts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDurableStore(_ => InMemoryStore.CreateEngine(TimeProvider.System));
        builder.Services.Configure<StoreOptions>(options => options.MaxBatch = 0);
        using var host = builder.Build();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    [Fact]
    public void A_host_has_one_store()
    {
        var services = new ServiceCollection().AddDurableStore(_ => InMemoryStore.CreateEngine(TimeProvider.System));

        Assert.Throws<InvalidOperationException>(() => services.AddDurableStore(_ => InMemoryStore.CreateEngine(TimeProvider.System)));
    }

    [Fact]
    public async Task A_store_that_is_not_open_says_so()
    {
        var services = new ServiceCollection().AddLogging().AddDurableStore(_ => InMemoryStore.CreateEngine(TimeProvider.System));
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<IDurableStore>();

        Assert.Throws<InvalidOperationException>(() => store.Description);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.CountAsync(CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteTasksAsync([new TaskInsert(new TaskRow { Id = TaskId.New(), Handler = "a@1", Spec = [] })]));
    }

    private sealed class Probe(IDurableStore store) : IHostedService
    {
        public StoreDescription? Seen { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Seen = store.Description;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
