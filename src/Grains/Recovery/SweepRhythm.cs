using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Recovery;

/// <summary>Says when the next round of a sweep is due: at once at first, and then one interval after the former one ended.</summary>
internal sealed class SweepRhythm(MonotonicClock clock, TimeSpan interval)
{
    private TimeSpan _next;

    public bool IsDue => clock.Now >= _next;

    public void EndRound() => _next = clock.Now + interval;
}
