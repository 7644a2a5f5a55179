namespace FaultTolerance.Cli.Live;

/// <summary>What is known of a run while it goes on. Written by those who find something out, read by the view.</summary>
internal sealed class LiveBoard(string title, TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly ThroughputMeter _meter = new();
    private readonly long _start = timeProvider.GetTimestamp();
    private LiveFrame _frame = new() { Title = title };

    /// <summary>Gets the time since the start of the run.</summary>
    public TimeSpan Elapsed => timeProvider.GetElapsedTime(_start);

    /// <summary>Returns the run as it is now.</summary>
    public LiveFrame Read()
    {
        lock (_lock)
        {
            return _frame with { Elapsed = Elapsed };
        }
    }

    /// <summary>Adds something that happened now.</summary>
    public void Add(TimelineKind kind, string text)
    {
        lock (_lock)
        {
            _frame = _frame with { Timeline = [.. _frame.Timeline, new TimelineEntry(Elapsed, kind, text)] };
        }
    }

    /// <summary>Sets how many tasks there will be.</summary>
    public void Plan(long tasks)
    {
        lock (_lock)
        {
            _frame = _frame with { Planned = tasks };
        }
    }

    /// <summary>Sets how many faults are planned, and how many of them are over.</summary>
    public void CountFaults(int done, int planned)
    {
        lock (_lock)
        {
            _frame = _frame with { FaultsDone = done, FaultsPlanned = planned };
        }
    }

    /// <summary>Sets how far the work and the nodes are.</summary>
    public void Update(long ended, IReadOnlyList<NodeLine> nodes)
    {
        lock (_lock)
        {
            _frame = _frame with { Ended = ended, Nodes = nodes, TasksPerSecond = _meter.Add(Elapsed, ended) };
        }
    }
}
