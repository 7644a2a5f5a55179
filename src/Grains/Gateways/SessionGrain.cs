using FaultTolerance.Gateways;
using Orleans.Concurrency;

namespace FaultTolerance.Grains.Gateways;

/// <inheritdoc cref="ISessionGrain"/>
[Reentrant]
[GrainType("session")]
internal sealed class SessionGrain(TimeProvider timeProvider) : Grain, ISessionGrain
{
    private IOutcomeListener? _listener;
    private DateTimeOffset _listensUntil;

    public Task ListenAsync(IOutcomeListener listener, TimeSpan period)
    {
        (_listener, _listensUntil) = (listener, timeProvider.GetUtcNow() + period);
        return Task.CompletedTask;
    }

    public async Task<bool> TellAsync(IReadOnlyList<TaskOutcome> outcomes)
    {
        if (_listener is not { } listener || timeProvider.GetUtcNow() > _listensUntil)
        {
            return false;
        }

        await listener.OnOutcomesAsync(outcomes);
        return true;
    }
}
