using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Clusters;

/// <summary>What a supervisor notes of its cluster in the folder (<c>state.json</c>), for other processes to read.</summary>
internal sealed record ClusterState
{
    public required ClusterPhase Phase { get; init; }

    /// <summary>Gets the process that keeps the silos running, by id and start.</summary>
    public required ProcessIdentity Supervisor { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets how long its silos may take to leave.</summary>
    public TimeSpan StopGrace { get; init; } = ClusterSupervisor.DefaultStopGrace;

    public IReadOnlyList<SiloState> Silos { get; init; } = [];

    /// <summary>Returns the state after something has happened to a silo's process.</summary>
    /// <param name="told">What happened.</param>
    /// <param name="find">Looks at a process that has just been started; null when it has ended again.</param>
    public ClusterState After(SiloEvent told, Func<int, ProcessIdentity?> find)
    {
        return told.Name switch
        {
            SiloEvent.ProcessStarted => Change(told.Node, silo => silo with
            {
                Process = find(told.ProcessId),
                StartedAt = told.At,
                Starts = silo.Starts + 1,
                IsReady = false,
                HasEnded = false,
                ExitCode = null,
                Problem = null,
            }),
            SiloEvent.Ready => Change(told.Node, silo => silo with { IsReady = true }),
            SiloEvent.ProcessEnded => Change(told.Node, silo => silo with
            {
                HasEnded = true,
                IsReady = false,
                ExitCode = (int?)told.Number("exitCode"),
            }),
            SiloEvent.ProcessNotStarted => Change(told.Node, silo => silo with { Problem = told.Text("error") }),
            _ => this,
        };
    }

    private ClusterState Change(string name, Func<SiloState, SiloState> change) =>
        this with { Silos = [.. Silos.Select(silo => silo.Name == name ? change(silo) : silo)] };
}
