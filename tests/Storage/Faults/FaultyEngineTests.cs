using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing;

namespace FaultTolerance.Storage.Tests;

public sealed class FaultyEngineTests : IAsyncDisposable
{
    private readonly FaultyEngine _engine = new(InMemoryStore.CreateEngine(TimeProvider.System));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData(InjectedFault.None, true)]
    [InlineData(InjectedFault.Unreachable, false)]
    [InlineData(InjectedFault.RequestLost, false)]
    [InlineData(InjectedFault.ReplyLost, true)]
    [InlineData(InjectedFault.LandsLate, false)]
    [InlineData(InjectedFault.Contention, false)]
    [InlineData(InjectedFault.Unusable, false)]
    public async Task Each_fault_has_done_what_it_says(InjectedFault fault, bool isDone)
    {
        _engine.FailWrite(1, fault);

        var failure = await Record.ExceptionAsync(() => WriteAsync("a"));

        Assert.Equal(isDone, await ExistsAsync("a"));
        Assert.Equal(fault == InjectedFault.None, failure is null);
        Assert.Equal(
            fault is InjectedFault.RequestLost or InjectedFault.ReplyLost or InjectedFault.LandsLate,
            failure is StoreException { IsOutcomeUnknown: true });
    }

    [Fact]
    public async Task What_lands_late_has_landed_before_the_next_write()
    {
        _engine.FailWrite(1, InjectedFault.LandsLate);
        await Record.ExceptionAsync(() => WriteAsync("a"));

        Assert.False(await WriteAsync("a"));

        Assert.Equal(1, (await _engine.ReadStateAsync("a", CancellationToken.None))?.Token);
    }

    [Fact]
    public async Task Only_the_write_that_was_named_fails_and_reads_do_not_count()
    {
        _engine.FailWrite(2, InjectedFault.Unreachable);

        Assert.True(await WriteAsync("a"));
        await ExistsAsync("a");
        await Assert.ThrowsAsync<StoreException>(() => WriteAsync("b"));
        Assert.True(await WriteAsync("b"));
        Assert.Equal(3, _engine.Writes);
    }

    [Fact]
    public async Task A_store_that_is_away_fails_every_call_until_it_is_back()
    {
        _engine.IsReachable = false;
        await Assert.ThrowsAsync<StoreException>(() => WriteAsync("a"));
        await Assert.ThrowsAsync<StoreException>(() => ExistsAsync("a"));

        _engine.IsReachable = true;

        Assert.True(await WriteAsync("a"));
    }

    [Fact]
    public async Task Held_calls_are_not_done_and_held_replies_are()
    {
        using var calls = _engine.Hold(call => call.IsWrite && call.Write == 1);
        using var replies = _engine.Hold(call => call.IsWrite && call.Write == 2, replies: true);
        var (first, second) = (WriteAsync("a"), WriteAsync("b"));
        await calls.ArrivedAsync();
        await replies.ArrivedAsync();

        Assert.False(await ExistsAsync("a"));
        Assert.True(await ExistsAsync("b"));
        Assert.False(first.IsCompleted || second.IsCompleted);
        calls.Open();
        replies.Open();
        Assert.True(await first && await second);
    }

    [Fact]
    public async Task A_held_call_may_be_cancelled()
    {
        using var gate = _engine.Hold();
        using var patience = new CancellationTokenSource();
        var write = WriteAsync("a", patience.Token);
        await gate.ArrivedAsync();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    [Fact]
    public void The_same_seed_plans_the_same_faults()
    {
        InjectedFault[] Plan(int seed)
        {
            var plan = FaultPlans.Seeded(seed, rate: 0.5);
            return [.. Enumerable.Range(1, 100).Select(write => plan(new StoreCall("write", write, 1)))];
        }

        Assert.Equal(Plan(1), Plan(1));
        Assert.NotEqual(Plan(1), Plan(2));
        Assert.InRange(Plan(1).Count(fault => fault != InjectedFault.None), 30, 70);
        Assert.Equal(InjectedFault.None, FaultPlans.Seeded(1, rate: 1)(new StoreCall("read", 0, 1)));
    }

    private async Task<bool> WriteAsync(string key, CancellationToken cancellationToken = default) =>
        Assert.Single(await _engine.CommitStatesAsync([new GrainStateWrite(key, null, 1, [1])], cancellationToken));

    private async Task<bool> ExistsAsync(string key) => await _engine.ReadStateAsync(key, CancellationToken.None) is not null;
}
