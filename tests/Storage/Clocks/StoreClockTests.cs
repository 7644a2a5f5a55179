using FaultTolerance.Storage.Clocks;
using FaultTolerance.Storage.InMemory;
using FaultTolerance.Testing;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Storage.Tests;

public sealed class StoreClockTests
{
    private static readonly DateTimeOffset StoresNoon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _local = new(new DateTimeOffset(1999, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeTimeProvider _stores = new(StoresNoon);
    private readonly FaultyEngine _engine;
    private readonly StoreClock _clock;

    public StoreClockTests() => (_engine, _clock) = (new FaultyEngine(InMemoryStore.CreateEngine(_stores)), new StoreClock(_local));

    [Fact]
    public void The_time_cannot_be_asked_before_it_was_read() => Assert.Throws<InvalidOperationException>(() => _clock.Now);

    [Fact]
    public async Task The_time_is_the_stores_and_not_this_machines()
    {
        await _clock.ReadAsync(_engine, CancellationToken.None);

        Assert.Equal(StoresNoon, _clock.Now);
        _local.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(StoresNoon.AddSeconds(10), _clock.Now);
    }

    [Fact]
    public async Task Half_the_round_trip_is_the_error()
    {
        await ReadSlowlyAsync(TimeSpan.FromMilliseconds(40));

        Assert.Equal(TimeSpan.FromMilliseconds(20), _clock.Error - (TimeSpan.FromMilliseconds(20) * StoreAnchor.Drift));
        Assert.Equal(StoresNoon.AddMilliseconds(20), _clock.Now);
    }

    [Fact]
    public async Task A_step_of_either_clock_is_counted_and_a_steady_one_is_not()
    {
        await _clock.ReadAsync(_engine, CancellationToken.None);
        Move(local: 30, store: 30);
        await _clock.ReadAsync(_engine, CancellationToken.None);
        Assert.Equal(0, _clock.Steps);

        Move(local: 30, store: 630);
        await _clock.ReadAsync(_engine, CancellationToken.None);
        Assert.Equal(1, _clock.Steps);

        Move(local: 630, store: 30);
        await _clock.ReadAsync(_engine, CancellationToken.None);
        Assert.Equal(2, _clock.Steps);
    }

    [Fact]
    public async Task It_stands_still_where_a_new_reading_says_less_and_goes_on_once_the_store_has_caught_up()
    {
        await _clock.ReadAsync(_engine, CancellationToken.None);
        Move(local: 10, store: 9);
        Assert.Equal(StoresNoon.AddSeconds(10), _clock.Now);

        await _clock.ReadAsync(_engine, CancellationToken.None);

        Assert.Equal((StoresNoon.AddSeconds(10), StoresNoon.AddSeconds(9)), (_clock.Now, _clock.Reading));
        Move(local: 0.5, store: 0.5);
        Assert.Equal((StoresNoon.AddSeconds(10), StoresNoon.AddSeconds(9.5)), (_clock.Now, _clock.Reading));
        Move(local: 1, store: 1);
        Assert.Equal((StoresNoon.AddSeconds(10.5), StoresNoon.AddSeconds(10.5)), (_clock.Now, _clock.Reading));
    }

    [Fact]
    public async Task It_follows_a_store_whose_clock_was_set_forward()
    {
        await _clock.ReadAsync(_engine, CancellationToken.None);
        Move(local: 10, store: 3_610);

        await _clock.ReadAsync(_engine, CancellationToken.None);

        Assert.Equal(StoresNoon.AddHours(1).AddSeconds(10), _clock.Now);
    }

    [Fact]
    public async Task A_slow_answer_does_not_spoil_a_good_reading()
    {
        await _clock.ReadAsync(_engine, CancellationToken.None);
        _stores.Advance(TimeSpan.FromSeconds(1.9));

        await ReadSlowlyAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(StoresNoon.AddSeconds(2), _clock.Now);
    }

    [Fact]
    public async Task Many_threads_never_see_it_run_backwards()
    {
        var clock = new StoreClock(TimeProvider.System);
        await clock.ReadAsync(_engine, CancellationToken.None);

        var seen = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var last = DateTimeOffset.MinValue;
            for (var i = 0; i < 100_000; i++)
            {
                var now = clock.Now;
                if (now < last)
                {
                    return false;
                }

                last = now;
            }

            return true;
        })));

        Assert.All(seen, Assert.True);
    }

    [Fact]
    public async Task The_store_reads_the_time_again_every_30_seconds_and_goes_on_where_it_cannot()
    {
        await using var test = await StoreUnderTest.OpenAsync();
        using var gate = test.Engine.Hold(call => call.Operation == nameof(test.Engine.ReadTimeAsync));
        test.Engine.IsReachable = false;

        test.Time.Advance(TimeSpan.FromSeconds(30));
        await gate.ArrivedAsync();
        gate.Open();

        Assert.Equal(test.Time.GetUtcNow(), test.Store.Now);
    }

    private async Task ReadSlowlyAsync(TimeSpan roundTrip)
    {
        using var gate = _engine.Hold(_ => true);
        var read = _clock.ReadAsync(_engine, CancellationToken.None);
        await gate.ArrivedAsync();
        _local.Advance(roundTrip);
        gate.Open();
        await read;
    }

    private void Move(double local, double store)
    {
        _local.Advance(TimeSpan.FromSeconds(local));
        _stores.Advance(TimeSpan.FromSeconds(store));
    }
}
