namespace FaultTolerance.Cli.Clusters;

/// <summary>One silo of a local cluster, as <c>ft cluster status</c> shows it. The fields of its JSON are a contract.</summary>
internal sealed record SiloView
{
    public required string Name { get; init; }

    public int? ProcessId { get; init; }

    public int SiloPort { get; init; }

    public int GatewayPort { get; init; }

    /// <summary>Gets the node's phase as the cluster tells it; <c>starting</c>, <c>joined</c>, <c>ended</c> or <c>stopped</c> where only the folder could be asked.</summary>
    public required string Phase { get; init; }

    /// <summary>Gets the time since the process was started; null where none runs.</summary>
    public double? UptimeSeconds { get; init; }

    public int Restarts { get; init; }

    /// <summary>Gets how many attempts run; null where the cluster could not be asked.</summary>
    public int? Running { get; init; }

    /// <summary>Gets how many claimed attempts wait for a slot; null where the cluster could not be asked.</summary>
    public int? Waiting { get; init; }

    /// <summary>Gets what is wrong with it, if anything is.</summary>
    public string? Problem { get; init; }
}
