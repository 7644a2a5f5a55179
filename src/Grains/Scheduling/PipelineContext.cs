namespace FaultTolerance.Grains.Scheduling;

/// <summary>What the stages of one node's pipeline share: who they are, the present time, chance, and the list of effects.</summary>
internal sealed class PipelineContext(NodeIncarnation incarnation, string node, TaskPipelineOptions options, Random random)
{
    private long _lastOperation;
    private bool _isLeaseHeld;
    private TimeSpan _goesOnUntil = TimeSpan.MinValue;

    public NodeIncarnation Incarnation { get; } = incarnation;

    public string Node { get; } = node;

    public TaskPipelineOptions Options { get; } = options;

    /// <summary>The store's time at the event that is being handled: for what stands in rows, and nothing else. Set back, it stands still for as long.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>The node's monotonic time at that event. Leases and the node's own waits run on it: a step of the store's clock neither ends nor lengthens one.</summary>
    public TimeSpan Monotonic { get; set; }

    /// <summary>When the lease ends unless it is renewed, on the monotonic clock; null for never.</summary>
    public TimeSpan? LeaseEnds { get; private set; }

    /// <summary>Whether the node may own and start attempts and decide about them: it holds its lease, and the lease's end has not come.</summary>
    public bool HoldsLease => _isLeaseHeld && !(Monotonic >= LeaseEnds);

    /// <summary>Whether what runs may go on: the lease is held, or has ended in an outage of the store in which nobody can take it over.</summary>
    public bool MayGoOn => HoldsLease || Monotonic < _goesOnUntil;

    /// <summary>When what runs must stop unless something happens before, on the monotonic clock; null when nothing may run, or for ever.</summary>
    public TimeSpan? NextLeaseEnd => HoldsLease ? LeaseEnds : MayGoOn ? _goesOnUntil : null;

    /// <summary>Whether the node has begun to leave: it takes no new work.</summary>
    public bool IsDraining { get; set; }

    /// <summary>How many slots the node may use, taking nothing ahead; null for all.</summary>
    public int? SlotLimit { get; set; }

    /// <summary>What the events handled so far want done; the driver takes it.</summary>
    public List<PipelineEffect> Effects { get; } = [];

    /// <summary>Returns the earlier of two times, of which either may never come.</summary>
    public static T? Earlier<T>(T? a, T? b)
        where T : struct, IComparable<T> => b is null || (a is { } first && first.CompareTo(b.Value) <= 0) ? a : b;

    public void Add(PipelineEffect effect) => Effects.Add(effect);

    public void SetLease(bool isHeld, TimeSpan? ends) =>
        (_isLeaseHeld, LeaseEnds, _goesOnUntil) = (isHeld, ends, TimeSpan.MinValue);

    public void GoOn(TimeSpan until) => _goesOnUntil = _goesOnUntil > until ? _goesOnUntil : until;

    public long NextOperation() => ++_lastOperation;

    public long NewToken() => random.NextInt64(1, long.MaxValue);

    public double Chance() => random.NextDouble();
}
