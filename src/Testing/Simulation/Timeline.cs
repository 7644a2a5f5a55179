namespace FaultTolerance.Testing.Simulation;

/// <summary>All that is to happen, in the order of virtual time; what happens at the same time, in the order in which it was planned.</summary>
internal sealed class Timeline(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (long Time, long Order)> _due = new();
    private long _planned;

    public SimulatedClock Clock { get; } = new(start);

    public DateTimeOffset Now => Clock.Now;

    public TimeSpan Elapsed => Clock.Now - start;

    /// <summary>How many steps were taken.</summary>
    public long Steps { get; private set; }

    public void After(TimeSpan delay, Action happens) => _due.Enqueue(happens, (Clock.Now.UtcTicks + Math.Max(0, delay.Ticks), ++_planned));

    /// <summary>Takes one step; false when nothing is to happen any more.</summary>
    public bool Step()
    {
        if (!_due.TryDequeue(out var happens, out var at))
        {
            return false;
        }

        Steps++;
        Clock.Now = new DateTimeOffset(at.Time, TimeSpan.Zero);
        happens();
        return true;
    }
}
