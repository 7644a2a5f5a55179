namespace FaultTolerance.Grains.Scheduling;

/// <summary>What the stages of one node's pipeline share: who they are, the present time, chance, and the list of effects.</summary>
internal sealed class PipelineContext(NodeIncarnation incarnation, string node, TaskPipelineOptions options, Random random)
{
    private long _lastOperation;
    private bool _isLeaseHeld;

    public NodeIncarnation Incarnation { get; } = incarnation;

    public string Node { get; } = node;

    public TaskPipelineOptions Options { get; } = options;

    /// <summary>The store's time at the event that is being handled.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>When the lease ends unless it is renewed.</summary>
    public DateTimeOffset LeaseEnds { get; private set; }

    /// <summary>Whether the node may own and start attempts and decide about them: it holds its lease, and the lease's end has not come.</summary>
    public bool HoldsLease => _isLeaseHeld && Now < LeaseEnds;

    /// <summary>What the events handled so far want done; the driver takes it.</summary>
    public List<PipelineEffect> Effects { get; } = [];

    public void Add(PipelineEffect effect) => Effects.Add(effect);

    public void SetLease(bool isHeld, DateTimeOffset? ends) => (_isLeaseHeld, LeaseEnds) = (isHeld, ends ?? DateTimeOffset.MaxValue);

    public long NextOperation() => ++_lastOperation;

    public long NewToken() => random.NextInt64(1, long.MaxValue);

    public double Chance() => random.NextDouble();
}
