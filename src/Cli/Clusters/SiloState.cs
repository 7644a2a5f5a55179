using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Cli.Clusters;

/// <summary>What a supervisor knows of one silo.</summary>
internal sealed record SiloState
{
    public required string Name { get; init; }

    public int SiloPort { get; init; }

    public int GatewayPort { get; init; }

    /// <summary>Gets the newest process, by id and start; null before the first.</summary>
    public ProcessIdentity? Process { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets how often a process was started since the cluster was.</summary>
    public int Starts { get; init; }

    /// <summary>Gets a value indicating whether the newest process has said that it takes work.</summary>
    public bool IsReady { get; init; }

    public bool HasEnded { get; init; }

    /// <summary>Gets how the newest process ended; 128 + the signal for one that was ended by a signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Gets why the newest process could not be started, if it could not.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets how often the silo had to be started again.</summary>
    public int Restarts => Math.Max(0, Starts - 1);
}
