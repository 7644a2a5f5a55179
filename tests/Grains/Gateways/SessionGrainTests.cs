using FaultTolerance.Gateways;
using FaultTolerance.Grains.Gateways;
using Microsoft.Extensions.Time.Testing;

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
    private sealed class SteppedClock : FakeTimeProvider
    {
        private TimeSpan _step;

        public void Set(TimeSpan by) => _step += by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _step;
    }

    private sealed class Listener : IOutcomeListener
    {
        public Task OnOutcomesAsync(IReadOnlyList<TaskOutcome> outcomes) => Task.CompletedTask;
    }
}
