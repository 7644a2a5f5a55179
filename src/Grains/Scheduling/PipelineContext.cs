namespace FaultTolerance.Grains.Scheduling;

/// <summary>What the stages of one node's pipeline share: who they are, the present time, chance, and the list of effects.</summary>
internal sealed class PipelineContext(NodeIncarnation incarnation, string node, TaskPipelineOptions options, Random random)
{
    private long _lastOperation;

    public NodeIncarnation Incarnation { get; } = incarnation;

    public string Node { get; } = node;

    public TaskPipelineOptions Options { get; } = options;

    /// <summary>The store's time at the event that is being handled.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>What the events handled so far want done; the driver takes it.</summary>
    public List<PipelineEffect> Effects { get; } = [];

    public void Add(PipelineEffect effect) => Effects.Add(effect);

    public long NextOperation() => ++_lastOperation;

    public long NewToken() => random.NextInt64(1, long.MaxValue);

    public double Chance() => random.NextDouble();
}
