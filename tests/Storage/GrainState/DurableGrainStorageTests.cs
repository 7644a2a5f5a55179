using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace FaultTolerance.Storage.Tests;

public sealed class DurableGrainStorageTests : IAsyncLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly GrainId _grain = GrainId.Create("counter", "alpha");
    private StoreUnderTest _test = null!;
    private DurableGrainStorage _storage = null!;

    public async ValueTask InitializeAsync()
    {
        _test = await StoreUnderTest.OpenAsync();
        _storage = Provider("states");
    }

    public async ValueTask DisposeAsync()
    {
        await _test.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task A_grain_without_a_state_starts_with_an_empty_one()
    {
        var state = await ReadAsync();

        Assert.Empty(state.State!);
        Assert.Null(state.ETag);
        Assert.False(state.RecordExists);
    }

    [Fact]
    public async Task A_written_state_is_read_back_with_its_etag()
    {
        var written = await ReadAsync();
        written.State!.Add("one", 1);
        await WriteAsync(written);

        var read = await ReadAsync();

        Assert.Equal(new Dictionary<string, int> { ["one"] = 1 }, read.State);
        Assert.Equal(written.ETag, read.ETag);
        Assert.True(written.RecordExists && read.RecordExists);
    }

    [Fact]
    public async Task An_etag_changes_with_every_write()
    {
        var state = await ReadAsync();
        await WriteAsync(state);
        var first = state.ETag;

        await WriteAsync(state);

        Assert.NotEqual(first, state.ETag);
    }

    [Fact]
    public async Task A_write_over_somebody_elses_is_inconsistent_and_changes_nothing()
    {
        var (mine, theirs) = (await ReadAsync(), await ReadAsync());
        theirs.State!.Add("theirs", 1);
        await WriteAsync(theirs);
        mine.State!.Add("mine", 1);

        var refused = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(mine));

        Assert.Equal((theirs.ETag, mine.ETag), (refused.StoredEtag, refused.CurrentEtag));
        Assert.Equal(["theirs"], (await ReadAsync()).State!.Keys);
    }

    [Fact]
    public async Task A_cleared_state_is_empty_and_can_be_written_again()
    {
        var state = await ReadAsync();
        state.State!.Add("one", 1);
        await WriteAsync(state);

        await _storage.ClearStateAsync("state", _grain, state);

        Assert.Empty(state.State!);
        Assert.False(state.RecordExists);
        var read = await ReadAsync();
        Assert.Empty(read.State!);
        Assert.False(read.RecordExists);
        Assert.Equal(state.ETag, read.ETag);
        await WriteAsync(read);
        Assert.True((await ReadAsync()).RecordExists);
    }

    [Fact]
    public async Task A_clear_over_somebody_elses_write_is_inconsistent()
    {
        var (mine, theirs) = (await ReadAsync(), await ReadAsync());
        await WriteAsync(theirs);

        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.ClearStateAsync("state", _grain, mine));

        Assert.True((await ReadAsync()).RecordExists);
    }

    [Theory]
    [InlineData(InjectedFault.RequestLost)]
    [InlineData(InjectedFault.ReplyLost)]
    [InlineData(InjectedFault.LandsLate)]
    public async Task A_write_with_an_unknown_outcome_succeeds_and_leaves_the_right_etag(InjectedFault fault)
    {
        var state = await ReadAsync();
        _test.Engine.FailWrite(1, fault);

        await WriteAsync(state);

        Assert.Equal((await ReadAsync()).ETag, state.ETag);
    }

    [Fact]
    public async Task A_failed_write_leaves_the_state_object_as_it_was()
    {
        var state = await ReadAsync();
        _test.Engine.FailWrite(1, InjectedFault.Unusable);

        await Assert.ThrowsAsync<StoreException>(() => WriteAsync(state));

        Assert.Null(state.ETag);
        Assert.False(state.RecordExists);
    }

    [Fact]
    public async Task Providers_states_and_grains_do_not_share_rows()
    {
        await WriteAsync(await ReadAsync());

        Assert.False((await ReadAsync(Provider("others"))).RecordExists);
        Assert.False((await ReadAsync(stateName: "other")).RecordExists);
        Assert.False((await ReadAsync(grain: GrainId.Create("counter", "state/alpha"))).RecordExists);
        Assert.False((await ReadAsync(grain: GrainId.Create("other", "alpha"))).RecordExists);
    }

    [Fact]
    public async Task A_state_name_with_a_slash_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(stateName: "a/b"));

    [Fact]
    public async Task An_odd_grain_key_is_a_key_like_any_other()
    {
        var grain = GrainId.Create("counter", "a/b\0 👩‍🚀");
        var state = await ReadAsync(grain: grain);
        state.State!.Add("odd", 1);
        await _storage.WriteStateAsync("state", grain, state);

        Assert.Equal(["odd"], (await ReadAsync(grain: grain)).State!.Keys);
    }

    [Fact]
    public async Task A_state_over_the_payload_limit_is_refused_with_the_limits_name()
    {
        var state = await ReadAsync();
        state.State!.Add(new string('x', 5 << 20), 1);

        var refused = await Assert.ThrowsAsync<StoreException>(() => WriteAsync(state));

        Assert.Equal(StoreFault.Data, refused.Fault);
        Assert.Contains("StoreOptions.MaxPayload", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_names_its_key_and_type()
    {
        await _test.Store.WriteStateAsync(new GrainStateWrite("states/state/counter/alpha", null, 1, [255, 255, 255]));

        var failure = await Assert.ThrowsAsync<StoreException>(() => ReadAsync());

        Assert.Contains("states/state/counter/alpha", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Dictionary", failure.Message, StringComparison.Ordinal);
    }

    private DurableGrainStorage Provider(string name) => new(
        name, _test.Store, _services.GetRequiredService<Serializer>(), _services.GetRequiredService<IActivatorProvider>());

    private async Task<GrainState<Dictionary<string, int>>> ReadAsync(
        DurableGrainStorage? storage = null, string stateName = "state", GrainId? grain = null)
    {
        var state = new GrainState<Dictionary<string, int>>();
        await (storage ?? _storage).ReadStateAsync(stateName, grain ?? _grain, state);
        return state;
    }

    private Task WriteAsync(GrainState<Dictionary<string, int>> state) => _storage.WriteStateAsync("state", _grain, state);
}
