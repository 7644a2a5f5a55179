namespace FaultTolerance.Testing.Simulation;

/// <summary>How often what went wrong in a run.</summary>
internal sealed record SimulatedFaults
{
    public int Crashes { get; set; }

    public int Pauses { get; set; }

    public int Outages { get; set; }

    public int Drains { get; set; }

    public int CallsFailed { get; set; }

    public int MessagesLost { get; set; }

    public int MessagesDoubled { get; set; }

    public int Splits { get; set; }

    public int ClockSteps { get; set; }

    /// <summary>How often a machine began to fail all that it runs.</summary>
    public int Breaks { get; set; }

    public int Quarantines { get; set; }

    /// <summary>How often a node was told by its peers that all of them have lost the store, and went on.</summary>
    public int GoneOn { get; set; }

    public int Suspicions { get; set; }

    public int Accusations { get; set; }

    public int NodesEnded { get; set; }
}
