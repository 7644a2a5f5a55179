using FaultTolerance.Storage.Commits;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Tests;

public sealed class RepeatDelayTests
{
    private static readonly StoreException Contention = new(StoreFault.Contention, "lost");
    private static readonly StoreException Unreachable = new(StoreFault.Unreachable, "gone");
    private static readonly StoreException AnswerLost = new(StoreFault.Unreachable, "cut", isOutcomeUnknown: true);

    [Theory]
    [InlineData(0, 1.0, 0)]
    [InlineData(1, 1.0, 1)]
    [InlineData(1, 0.5, 0.5)]
    [InlineData(7, 1.0, 127)]
    [InlineData(7, 0.0, 0)]
    public void After_a_lost_race_the_repeats_are_quick_and_scattered(int repeat, double chance, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RepeatDelay.Of(Contention, repeat, chance));

    [Fact]
    public void A_race_that_is_lost_again_and_again_is_taken_for_a_busy_store() =>
        Assert.Equal(TimeSpan.FromSeconds(1), RepeatDelay.Of(Contention, RepeatDelay.QuickRepeats, 1.0));

    [Fact]
    public void After_a_lost_answer_the_first_repeat_is_at_once_and_the_next_is_not()
    {
        Assert.Equal(TimeSpan.Zero, RepeatDelay.Of(AnswerLost, 0, 1.0));
        Assert.Equal(TimeSpan.FromMilliseconds(100), RepeatDelay.Of(AnswerLost, 1, 1.0));
    }

    [Theory]
    [InlineData(0, 50)]
    [InlineData(1, 100)]
    [InlineData(4, 800)]
    [InlineData(5, 1_000)]
    [InlineData(1_000_000, 1_000)]
    public void A_store_that_is_away_is_asked_ever_more_rarely_down_to_once_a_second(int repeat, int milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RepeatDelay.Of(Unreachable, repeat, 1.0));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds / 2.0), RepeatDelay.Of(Unreachable, repeat, 0.0));
    }
}
