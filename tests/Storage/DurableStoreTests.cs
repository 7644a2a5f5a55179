using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;

namespace FaultTolerance.Storage.Tests;

public sealed class DurableStoreTests
{
    [Fact]
    public async Task A_read_is_asked_once_more_where_the_store_could_not_be_reached()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        FailCalls(test, InjectedFault.Unreachable, calls: 1);

        Assert.Empty(await test.Store.ReadAsync([TaskId.New()], CancellationToken.None));
    }

    [Fact]
    public async Task A_read_from_a_store_that_is_away_fails_and_leaves_the_pace_to_the_caller()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        test.Engine.IsReachable = false;

        var failure = await Assert.ThrowsAsync<StoreException>(() => test.Store.CountAsync(CancellationToken.None));

        Assert.True(failure.IsRetryable);
        Assert.Equal(2, test.Engine.Calls.Count(call => call.Operation == nameof(IStorageEngine.CountAsync)));
    }

    [Fact]
    public async Task A_claim_is_not_repeated_where_it_may_have_claimed()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        await test.Store.WriteTaskAsync(test.NewTask());
        test.Engine.FailWrite(1, InjectedFault.ReplyLost);

        var failure = await Assert.ThrowsAsync<StoreException>(() => ClaimAsync(test));

        Assert.True(failure.IsOutcomeUnknown);
        Assert.Empty(await ClaimAsync(test));
    }

    [Fact]
    public async Task A_change_that_lost_against_another_is_repeated()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        await test.Store.WriteTaskAsync(test.NewTask());
        test.Engine.FailWrite(1, InjectedFault.Contention);
        test.Engine.FailWrite(2, InjectedFault.Contention);

        Assert.Single(await test.Time.RunAsync(ClaimAsync(test)));
    }

    [Fact]
    public async Task A_change_that_loses_every_time_fails_in_the_end()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        FailCalls(test, InjectedFault.Contention, calls: int.MaxValue);

        var failure = await Assert.ThrowsAsync<StoreException>(() => test.Time.RunAsync(ClaimAsync(test)));

        Assert.Equal((StoreFault.Contention, true), (failure.Fault, failure.IsRetryable));
        Assert.Equal(9, test.Engine.Writes);
    }

    [Fact]
    public async Task A_renewal_of_a_lease_goes_past_all_writes_that_wait()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        await test.Store.RegisterNodeAsync(new() { Incarnation = new(1), Name = "alpha" }, TimeSpan.FromSeconds(10), CancellationToken.None);
        using var gate = test.Engine.Hold(call => call.Operation == nameof(IStorageEngine.CommitTasksAsync));
        var writes = test.NewTasks(100).Select(insert => test.Store.WriteTaskAsync(insert)).ToList();
        await gate.ArrivedAsync();

        Assert.True(await test.Store.RenewLeaseAsync(
            new LeaseRenewal { Incarnation = new(1), Sequence = 1, Phase = NodePhase.Alive, Info = [], Lease = TimeSpan.FromSeconds(10) }, CancellationToken.None));

        Assert.DoesNotContain(writes, write => write.IsCompleted);
        gate.Open();
        await Task.WhenAll(writes);
    }

    [Fact]
    public async Task Disposing_of_a_store_twice_is_once()
    {
        var test = await StoreUnderTest.OpenAsync();

        await test.Store.DisposeAsync();
        await test.Store.DisposeAsync();
    }

    [Fact]
    public async Task A_store_says_what_it_stands_on()
    {
        await using var test = await StoreUnderTest.OpenAsync();

        Assert.Equal("memory", test.Store.Description.Engine);
        Assert.Equal("no", test.Store.Description.Durability["durable"]);
    }

    private static void FailCalls(StoreUnderTest test, InjectedFault fault, int calls)
    {
        var left = calls;
        test.Engine.Plan = _ => left-- > 0 ? fault : InjectedFault.None;
    }

    private static Task<IReadOnlyList<TaskRow>> ClaimAsync(StoreUnderTest test) => test.Store.ClaimAsync(
        new TaskClaim { Owner = new(1), Token = test.Store.NewToken(), Limit = 10, Handlers = ["test.run@1"] }, CancellationToken.None);
}
