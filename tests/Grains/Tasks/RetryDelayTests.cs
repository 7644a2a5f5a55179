using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Tasks;

public sealed class RetryDelayTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 1)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(10_000, 60)]
    public void An_attempt_that_could_not_start_waits_twice_as_long_each_time_up_to_a_minute(int before, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryDelay.Unstarted(TimeSpan.FromMilliseconds(500), before));

    private const double AlmostOne = 1 - double.Epsilon - 1e-16;

    private static readonly TaskRetryPolicy Default = new();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(9, 512)]
    [InlineData(10, 600)]
    [InlineData(10_000, 600)]
    public void The_delay_before_retry_n_is_the_base_times_the_multiplier_to_the_n_up_to_the_longest(int n, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryDelay.Of(Default, FailureKind.UserException, n, 0.5));

    [Theory]
    [InlineData(FailureKind.Crash)]
    [InlineData(FailureKind.NodeLost)]
    public void After_a_death_the_first_retry_starts_at_once_and_the_next_as_the_first_of_another_cause(FailureKind kind)
    {
        Assert.Equal(TimeSpan.Zero, RetryDelay.Of(Default, kind, 0, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(1), RetryDelay.Of(Default, kind, 1, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(2), RetryDelay.Of(Default, kind, 2, 0.5));
        Assert.Equal(TimeSpan.FromMinutes(10), RetryDelay.Of(Default, kind, 10_000, 0.5));
    }

    [Theory]
    [InlineData(0.0, 0, 4)]
    [InlineData(0.0, AlmostOne, 4)]
    [InlineData(0.2, 0, 3.2)]
    [InlineData(0.2, 0.5, 4)]
    [InlineData(0.2, AlmostOne, 4.8)]
    [InlineData(1.0, 0, 0)]
    [InlineData(1.0, AlmostOne, 8)]
    public void Jitter_spreads_the_delay_either_way_within_its_bounds(double jitter, double chance, double seconds)
    {
        var delay = RetryDelay.Of(Default with { Jitter = jitter }, FailureKind.Timeout, 2, chance);

        Assert.Equal(seconds, delay.TotalSeconds, 6);
    }

    [Theory]
    [InlineData(0.0, 100)]
    [InlineData(1.0, 100)]
    [InlineData(86_400.0, 100)]
    [InlineData(86_400.0, 1)]
    public void No_number_of_retries_overflows(double baseSeconds, double multiplier)
    {
        var policy = Default with { DelayBase = TimeSpan.FromSeconds(baseSeconds), Multiplier = multiplier, MaxDelay = TimeSpan.FromDays(30), Jitter = 1 };
        for (var n = 0; n <= 10_000; n++)
        {
            var delay = RetryDelay.Of(policy, FailureKind.Timeout, n, AlmostOne);

            Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromDays(60));
        }
    }

    [Fact]
    public void A_delay_of_nothing_stays_nothing_however_often_it_is_multiplied() =>
        Assert.Equal(TimeSpan.Zero, RetryDelay.Of(Default with { DelayBase = TimeSpan.Zero, Multiplier = 100 }, FailureKind.Timeout, 10_000, 0.5));

    [Fact]
    public void Causes_without_a_budget_are_final() =>
        Assert.All(
            Enum.GetValues<FailureKind>().Except(TaskLifecycleBudgetTests.Budgeted.Select(row => row.Data)).Except([FailureKind.HeartbeatTimeout]),
            kind => Assert.Equal(0, RetryDelay.BudgetOf(Default, kind)));
}
