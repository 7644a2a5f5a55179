using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Actors;

/// <inheritdoc cref="IActorWatch"/>
internal sealed class ActorWatch(ActorMonitor monitor, ActorName actor, long life, MonotonicClock clock) : IActorWatch
{
    private long _lastBeat = clock.Now.Ticks;

    public ActorName Actor { get; } = actor;

    public long Life { get; } = life;

    /// <summary>Gets when it last beat.</summary>
    public TimeSpan LastBeat => TimeSpan.FromTicks(Volatile.Read(ref _lastBeat));

    /// <inheritdoc/>
    public void Beat() => Volatile.Write(ref _lastBeat, clock.Now.Ticks);

    /// <inheritdoc/>
    public void Dispose() => monitor.Unwatch(this);
}
