namespace FaultTolerance.Grains.Nodes;

/// <summary>Time that only runs forward, counted from when the clock was made: no step of the machine's clock moves it.</summary>
internal sealed class MonotonicClock(TimeProvider timeProvider)
{
    private readonly long _origin = timeProvider.GetTimestamp();

    public TimeSpan Now => timeProvider.GetElapsedTime(_origin);
}
