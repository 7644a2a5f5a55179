using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Testing;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>A server that stops, freezes or is killed under load: nothing acknowledged is lost, nothing is done twice, nobody hangs.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const int Writers = 8;

    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_server_that_is_stopped_killed_and_started_under_load_loses_nothing_and_does_nothing_twice()
    {
        await using var store = await OpenAsync(new StoreOptions());
        var chains = Enumerable.Range(0, Writers).Select(_ => new WriteChain(store)).ToList();
        using var stop = new CancellationTokenSource();
        using var steps = new SemaphoreSlim(0);
        var running = chains.Select(chain => chain.RunAsync(() => steps.Release(), stop.Token)).ToList();
        var random = new Random(20260101);
        Func<Task>[] outages =
        [
            _server.StopAsync, _server.KillAsync, _server.StopImmediatelyAsync, _server.KillAsync, _server.KillAsync, _server.KillAsync,
        ];

        foreach (var outage in outages)
        {
            await TakeAsync(steps, random.Next(100, 400));
            await outage();
            await _server.StartAsync();
        }

        await TakeAsync(steps, 200);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        foreach (var chain in chains)
        {
            await chain.AssertKeptAsync();
        }
    }

    [Fact]
    public async Task A_server_that_stays_away_is_told_within_the_bound_and_the_same_store_goes_on_after_it()
    {
        await using var store = await OpenAsync(new StoreOptions { WriteTimeout = TimeSpan.FromSeconds(1) });
        await _server.StopAsync();
        var write = new GrainStateWrite("key", null, store.NewToken(), [1]);

        var failure = await Assert.ThrowsAsync<StoreException>(() => store.WriteStateAsync(write));

        Assert.Equal((StoreFault.Unreachable, true), (failure.Fault, failure.IsRetryable));
        await _server.StartAsync();
        Assert.True(await store.WriteStateAsync(write));
    }

    [Fact]
    public async Task A_frozen_server_is_told_within_the_bound_and_a_repeat_after_the_thaw_settles_what_became_of_the_write()
    {
        await using var store = await OpenAsync(new StoreOptions { WriteTimeout = TimeSpan.FromSeconds(2) });
        var first = new GrainStateWrite("key", null, store.NewToken(), [1]);
        Assert.True(await store.WriteStateAsync(first));
        var second = first with { IfToken = first.Token, Token = store.NewToken(), State = [2] };
        await _server.FreezeAsync();

        var failure = await Assert.ThrowsAsync<StoreException>(() => store.WriteStateAsync(second));

        Assert.Equal((StoreFault.Unreachable, true, true), (failure.Fault, failure.IsRetryable, failure.IsOutcomeUnknown));
        await _server.ThawAsync();
        Assert.True(await store.WriteStateAsync(second));
        Assert.Equal(second.Token, (await store.ReadStateAsync("key", CancellationToken.None))?.Token);
    }

    [Fact]
    public async Task An_engine_on_a_frozen_server_gives_up_by_its_own_bounds()
    {
        var options = new PostgresStoreOptions
        {
            ConnectionString = _server.ConnectionString(),
            CommandTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = TimeSpan.FromSeconds(1),
        };
        await using var engine = PostgresStore.CreateEngine(options);
        await engine.InitializeAsync(CancellationToken.None);
        await _server.FreezeAsync();

        var onOpen = await Assert.ThrowsAsync<StoreException>(() => engine.ReadTimeAsync(CancellationToken.None));
        var onNew = await Assert.ThrowsAsync<StoreException>(() => engine.ReadTimeAsync(CancellationToken.None));

        Assert.Equal((StoreFault.Unreachable, StoreFault.Unreachable), (onOpen.Fault, onNew.Fault));
        await _server.ThawAsync();
        await engine.ReadTimeAsync(CancellationToken.None);
    }

    private static async Task TakeAsync(SemaphoreSlim steps, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await steps.WaitAsync();
        }
    }

    private Task<IDurableStore> OpenAsync(StoreOptions options) => DurableStoreFactory.OpenAsync(
        PostgresStore.CreateEngine(new PostgresStoreOptions { ConnectionString = _server.ConnectionString() }), options);
}
