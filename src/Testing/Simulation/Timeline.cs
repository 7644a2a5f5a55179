namespace FaultTolerance.Testing.Simulation;

/// <summary>All that is to happen, in the order of virtual time; what happens at the same time, in the order in which it was planned.</summary>
internal sealed class Timeline(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, Moment> _due = new();
    private long _planned;

    public DateTimeOffset Now => start + Elapsed;

    /// <summary>True time. Every clock in the run is told by it, none is better.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>How many steps were taken.</summary>
    public long Steps { get; private set; }

    public void After(TimeSpan delay, Action happens) => _due.Enqueue(happens, new Moment(Elapsed.Ticks + Math.Max(0, delay.Ticks), ++_planned));

    /// <summary>Takes one step; false when nothing is to happen any more.</summary>
    public bool Step()
    {
        if (!_due.TryDequeue(out var happens, out var at))
        {
            return false;
        }

        Steps++;
        Elapsed = TimeSpan.FromTicks(at.Time);
        happens();
        return true;
    }

    private readonly record struct Moment(long Time, long Order) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => Time == other.Time ? Order.CompareTo(other.Order) : Time.CompareTo(other.Time);
    }
}
