using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Tests.Nodes;

/// <summary>Time without standstills.</summary>
public sealed class AwakeClockTests : IDisposable
{
    private readonly LabTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly AwakeClock _clock;

    public AwakeClockTests()
    {
        _clock = new AwakeClock(new MonotonicClock(_time), _time);
        _clock.Start();
    }

    public void Dispose() => _clock.Dispose();

    [Fact]
    public void While_its_ticks_come_it_runs_like_any_other()
    {
        Tick(40);
        _time.Advance(AwakeClock.Interval / 2);

        Assert.Equal(AwakeClock.Interval * 40.5, _clock.Now);
    }

    [Fact]
    public void A_tick_that_is_late_by_no_more_than_an_interval_is_no_standstill()
    {
        Tick(4);
        _time.StandStill(AwakeClock.Interval);
        Tick(4);

        Assert.Equal(AwakeClock.Interval * 9, _clock.Now);
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(4)]
    [InlineData(100_000)]
    public void A_standstill_does_not_count_before_the_tick_that_ends_it_nor_after(double seconds)
    {
        Tick(4);
        _time.StandStill(TimeSpan.FromSeconds(seconds));

        Assert.Equal(AwakeClock.Interval * 5, _clock.Now); // it is not known when within the interval it began
        Tick(1);
        Assert.Equal(AwakeClock.Interval * 5, _clock.Now);
        Tick(3);
        Assert.Equal(AwakeClock.Interval * 8, _clock.Now);
    }

    [Fact]
    public void Many_standstills_add_up()
    {
        for (var time = 0; time < 10; time++)
        {
            Tick(1);
            _time.StandStill(TimeSpan.FromSeconds(3));
        }

        Tick(1);
        Assert.Equal(AwakeClock.Interval * 11, _clock.Now);
    }

    [Fact]
    public void A_step_of_the_wall_clock_is_none()
    {
        Tick(4);
        _time.Step(TimeSpan.FromHours(5));
        Tick(4);

        Assert.Equal(AwakeClock.Interval * 8, _clock.Now);
    }

    private void Tick(int count)
    {
        for (var tick = 0; tick < count; tick++)
        {
            _time.Advance(AwakeClock.Interval);
        }
    }
}
