namespace FaultTolerance.Testing.Simulation;

/// <summary>Where one node lives, life after life: when its process ends, a supervisor starts it again.</summary>
internal sealed class SimulatedMachine(SimulatedCluster cluster, string name)
{
    public string Name => name;

    /// <summary>How fast the machine's monotonic clock runs.</summary>
    public double ClockRate { get; } = 1 + (cluster.Options.ClockDrift * ((2 * cluster.Random.NextDouble()) - 1));

    /// <summary>Whether everything that runs here fails.</summary>
    public bool IsBroken { get; set; }

    public SimulatedNode? Node { get; private set; }

    /// <summary>Whether a gateway answers here.</summary>
    public bool IsServing => Node is { IsServing: true };

    public void Start()
    {
        // Lives that begin in the same millisecond are told apart by chance. In a silo the store refuses the second of two equal ones.
        NodeIncarnation incarnation;
        do
        {
            incarnation = NodeIncarnation.New(cluster.Timeline.Now, cluster.Random.Next());
        }
        while (cluster.Find(incarnation) is not null);

        Node = new SimulatedNode(cluster, this, incarnation);
        cluster.Started(Node);
        cluster.Trace.Add("starts", name, detail: incarnation.Value);
        Node.Start();
    }

    public void RestartSoon() => cluster.Timeline.After(TimeSpan.FromMilliseconds(cluster.Random.Next(100, 4_000)), Start);
}
