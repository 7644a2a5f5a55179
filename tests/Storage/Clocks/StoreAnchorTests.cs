using FaultTolerance.Storage.Clocks;

namespace FaultTolerance.Storage.Tests;

public sealed class StoreAnchorTests
{
    private const long Frequency = 1_000;

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_reading_is_tied_to_the_middle_of_its_round_trip_and_is_off_by_half_of_it()
    {
        var anchor = StoreAnchor.Between(Noon, sent: 1_000, received: 1_200, Frequency);

        Assert.Equal(new StoreAnchor(Noon, 1_100, TimeSpan.FromMilliseconds(100)), anchor);
    }

    [Fact]
    public void The_stores_time_is_carried_on_by_the_monotonic_clock()
    {
        var anchor = new StoreAnchor(Noon, 1_000, TimeSpan.Zero);

        Assert.Equal(Noon, anchor.At(1_000, Frequency));
        Assert.Equal(Noon.AddSeconds(5), anchor.At(6_000, Frequency));
        Assert.Equal(Noon.AddMilliseconds(-1), anchor.At(999, Frequency));
    }

    [Fact]
    public void The_error_grows_by_half_a_millisecond_a_second()
    {
        var anchor = new StoreAnchor(Noon, 0, TimeSpan.FromMilliseconds(2));

        Assert.Equal(TimeSpan.FromMilliseconds(2), anchor.ErrorAt(0, Frequency));
        Assert.Equal(TimeSpan.FromMilliseconds(17), anchor.ErrorAt(30 * Frequency, Frequency));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, true)]
    [InlineData(18, false)]
    public void A_newer_reading_is_taken_if_it_is_as_exact_as_the_older_one_has_become(int errorMilliseconds, bool isTaken)
    {
        var old = new StoreAnchor(Noon, 0, TimeSpan.FromMilliseconds(2));
        var newer = new StoreAnchor(Noon.AddSeconds(30).AddMilliseconds(5), 30 * Frequency, TimeSpan.FromMilliseconds(errorMilliseconds));

        Assert.Same(isTaken ? newer : old, old.OrNewer(newer, Frequency));
    }

    [Theory]
    [InlineData(117, false)]
    [InlineData(119, true)]
    [InlineData(-117, false)]
    [InlineData(-119, true)]
    public void A_reading_that_is_out_of_all_bounds_by_more_than_a_tenth_of_a_second_is_a_step(int offMilliseconds, bool isStep)
    {
        var old = new StoreAnchor(Noon, 0, TimeSpan.FromMilliseconds(2));
        var newer = new StoreAnchor(Noon.AddSeconds(30).AddMilliseconds(offMilliseconds), 30 * Frequency, TimeSpan.FromMilliseconds(1));

        Assert.Equal(isStep, old.IsStepTo(newer, Frequency));
    }

    [Theory]
    [InlineData(1_016, false)]
    [InlineData(1_018, true)]
    [InlineData(-1_016, false)]
    [InlineData(-1_018, true)]
    [InlineData(3_600_000, true)]
    public void A_newer_reading_that_is_out_of_all_bounds_is_taken_however_bad_it_is(int offMilliseconds, bool isTaken)
    {
        var old = new StoreAnchor(Noon, 0, TimeSpan.FromMilliseconds(2));
        var newer = new StoreAnchor(Noon.AddSeconds(30).AddMilliseconds(offMilliseconds), 30 * Frequency, TimeSpan.FromSeconds(1));

        Assert.Same(isTaken ? newer : old, old.OrNewer(newer, Frequency));
    }
}
