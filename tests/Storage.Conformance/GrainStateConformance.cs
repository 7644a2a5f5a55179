using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;

namespace FaultTolerance.Storage.Conformance;

/// <summary>The stored states of grains.</summary>
public abstract class GrainStateConformance : EngineConformance
{
    [Fact]
    public async Task A_state_is_created_where_there_is_none_and_read_back()
    {
        var write = new GrainStateWrite("node/alpha", null, NewToken(), [1, 2, 3]);

        Assert.True(await CommitAsync(write));

        await AssertStateAsync("node/alpha", write.Token, [1, 2, 3]);
    }

    [Fact]
    public async Task A_state_that_nobody_wrote_is_not_there() => Assert.Null(await ReadStateAsync("node/alpha"));

    [Fact]
    public async Task A_state_is_replaced_by_whoever_knows_its_token()
    {
        var first = await CreateAsync("node/alpha");
        var second = new GrainStateWrite("node/alpha", first.Token, NewToken(), []);

        Assert.True(await CommitAsync(second));

        await AssertStateAsync("node/alpha", second.Token, []);
    }

    [Fact]
    public async Task A_write_with_another_condition_changes_nothing()
    {
        var first = await CreateAsync("node/alpha");

        Assert.False(await CommitAsync(new GrainStateWrite("node/alpha", null, NewToken(), [9])));
        Assert.False(await CommitAsync(new GrainStateWrite("node/alpha", NewToken(), NewToken(), [9])));
        Assert.False(await CommitAsync(new GrainStateWrite("node/beta", first.Token, NewToken(), [9])));

        await AssertStateAsync("node/alpha", first.Token, first.State);
        Assert.Null(await ReadStateAsync("node/beta"));
    }

    [Fact]
    public async Task A_cleared_state_keeps_its_row_and_token()
    {
        var first = await CreateAsync("node/alpha");
        var clear = new GrainStateWrite("node/alpha", first.Token, NewToken(), null);

        Assert.True(await CommitAsync(clear));

        await AssertStateAsync("node/alpha", clear.Token, null);
        Assert.False(await CommitAsync(new GrainStateWrite("node/alpha", null, NewToken(), [9])));
        Assert.True(await CommitAsync(new GrainStateWrite("node/alpha", clear.Token, NewToken(), [9])));
    }

    [Fact]
    public async Task In_a_batch_each_write_has_its_own_answer()
    {
        var known = await CreateAsync("b");
        GrainStateWrite[] writes =
        [
            new("a", null, NewToken(), [1]),
            new("b", NewToken(), NewToken(), [2]),
            new("c", null, NewToken(), [3]),
            new("d", 1, NewToken(), [4]),
        ];

        Assert.Equal([true, false, true, false], await CommitAllAsync(writes));

        await AssertStateAsync("b", known.Token, known.State);
        Assert.Null(await ReadStateAsync("d"));
    }

    [Fact]
    public async Task A_batch_of_the_greatest_size_is_committed()
    {
        GrainStateWrite[] created = [.. Enumerable.Range(0, StoreLimits.Batch).Select(i => new GrainStateWrite($"state/{i:D4}", null, NewToken(), [1]))];
        GrainStateWrite[] changed = [.. created.Select(write => write with { IfToken = write.Token, Token = NewToken(), State = [2] })];

        Assert.All(await CommitAllAsync(created), Assert.True);
        Assert.All(await CommitAllAsync(changed), Assert.True);
        Assert.All(await CommitAllAsync(changed), Assert.False);
    }

    [Fact]
    public async Task An_empty_batch_is_answered_with_nothing() => Assert.Empty(await CommitAllAsync([]));

    [Fact]
    public async Task Of_writers_that_race_for_one_state_exactly_one_wins_each_round()
    {
        long? token = null;
        for (var round = 0; round < 10; round++)
        {
            GrainStateWrite[] racing = [.. Enumerable.Range(0, 8).Select(i => new GrainStateWrite("raced", token, NewToken(), [(byte)i]))];

            var won = await TogetherAsync(racing.Length, writer => CommitAsync(racing[writer]));

            var winner = Assert.Single(racing, write => won[Array.IndexOf(racing, write)]);
            await AssertStateAsync("raced", winner.Token, winner.State);
            token = winner.Token;
        }
    }

    [Theory]
    [MemberData(nameof(TaskKeysConformance.OddTexts), MemberType = typeof(TaskKeysConformance))]
    public async Task An_odd_key_is_kept_exactly(string key)
    {
        var write = await CreateAsync(key);

        await AssertStateAsync(key, write.Token, write.State);
    }

    [Fact]
    public async Task All_odd_keys_are_different_keys()
    {
        foreach (var text in TaskKeysConformance.OddTexts)
        {
            await CreateAsync(text.Data);
        }
    }

    [Fact]
    public async Task A_key_at_its_limit_is_kept_and_one_over_it_is_bad_data()
    {
        await CreateAsync(new string('é', StoreLimits.StateKey));

        var refused = await Assert.ThrowsAsync<StoreException>(() => CreateAsync(new string('e', StoreLimits.StateKey + 1)));
        Assert.Equal(StoreFault.Data, refused.Fault);
    }

    [Fact]
    public async Task A_large_state_is_read_back_whole()
    {
        var state = new byte[4 << 20];
        new Random(1).NextBytes(state);

        var write = new GrainStateWrite("large", null, NewToken(), state);

        Assert.True(await CommitAsync(write));
        await AssertStateAsync("large", write.Token, state);
    }

    private async Task<GrainStateWrite> CreateAsync(string key)
    {
        var write = new GrainStateWrite(key, null, NewToken(), [1, 2, 3]);
        Assert.True(await CommitAsync(write));
        return write;
    }

    private async Task<bool> CommitAsync(GrainStateWrite write) => Assert.Single(await CommitAllAsync([write]));

    private Task<IReadOnlyList<bool>> CommitAllAsync(IReadOnlyList<GrainStateWrite> writes) =>
        RepeatAsync(() => Engine.CommitStatesAsync(writes, CancellationToken.None));

    private Task<GrainStateRow?> ReadStateAsync(string key) => Engine.ReadStateAsync(key, CancellationToken.None);

    private async Task AssertStateAsync(string key, long token, byte[]? state)
    {
        var row = await ReadStateAsync(key);
        Assert.NotNull(row);
        Assert.Equal(token, row.Token);
        Assert.Equal(state, row.State);
    }
}
