using FaultTolerance.Gateways;
using FaultTolerance.Grains.Gateways;

namespace FaultTolerance.Grains.Tests.Gateways;

public sealed class SessionGrainTests
{
    private readonly SteppedClock _clock = new();

    [Fact]
    public async Task A_clock_that_is_set_does_not_end_a_session()
    {
        var session = new SessionGrain(_clock);
        await session.ListenAsync(new Listener(), TimeSpan.FromSeconds(30));
        _clock.Set(TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.True(await session.TellAsync([]));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_keep_a_session()
    {
        var session = new SessionGrain(_clock);
        await session.ListenAsync(new Listener(), TimeSpan.FromSeconds(30));
        _clock.Set(TimeSpan.FromHours(-1));
        _clock.Advance(TimeSpan.FromSeconds(31));

        Assert.False(await session.TellAsync([]));
    }

    /// <summary>A machine's clock that somebody sets, beside the time that passes.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private TimeSpan _passed;
        private TimeSpan _step;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Set(TimeSpan by) => _step += by;

        public void Advance(TimeSpan by) => _passed += by;

        public override long GetTimestamp() => _passed.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(56) + _passed + _step;
    }

    private sealed class Listener : IOutcomeListener
    {
        public Task OnOutcomesAsync(IReadOnlyList<TaskOutcome> outcomes) => Task.CompletedTask;
    }
}
