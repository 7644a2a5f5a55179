using FaultTolerance.Gateways;
using Orleans.Concurrency;

namespace FaultTolerance.Grains.Gateways;

/// <inheritdoc cref="ISessionGrain"/>
[Reentrant]
[GrainType("session")]
internal sealed class SessionGrain(TimeProvider timeProvider) : Grain, ISessionGrain
{
    private IOutcomeListener? _listener;
    private long _since;
    private TimeSpan _period;

    public Task ListenAsync(IOutcomeListener listener, TimeSpan period)
    {
        (_listener, _since, _period) = (listener, timeProvider.GetTimestamp(), period);
        return Task.CompletedTask;
    }

    public async Task<bool> TellAsync(IReadOnlyList<TaskOutcome> outcomes)
    {
        if (_listener is not { } listener || timeProvider.GetElapsedTime(_since) > _period)
        {
            return false;
        }

        await listener.OnOutcomesAsync(outcomes);
        return true;
    }
}
