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

    public int NodesEnded { get; set; }
}
