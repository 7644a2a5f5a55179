namespace FaultTolerance.Cli.Clusters;

/// <summary>A local cluster, as <c>ft cluster start</c> and <c>status</c> show it. The fields of its JSON are a contract.</summary>
internal sealed record ClusterView
{
    public required string Folder { get; init; }

    public required ClusterPhase Phase { get; init; }

    public required StoreKind Store { get; init; }

    /// <summary>Gets the supervisor's process; null where none runs.</summary>
    public int? Supervisor { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets why the cluster itself could not be asked; null where it could, or where it does not run.</summary>
    public string? Unanswered { get; init; }

    public IReadOnlyList<SiloView> Nodes { get; init; } = [];

    /// <summary>Gets the exit code that says the same: right only where every node is alive.</summary>
    public int ExitCode() => this switch
    {
        { Phase: ClusterPhase.Stopped or ClusterPhase.Crashed } or { Unanswered: not null } => ExitCodes.Unreachable,
        _ when Nodes.Any(node => node.Phase != "alive") => ExitCodes.Wrong,
        _ => ExitCodes.Right,
    };

    /// <summary>Puts together what the folder and the cluster tell.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="spec">What the cluster consists of.</param>
    /// <param name="state">What its supervisor has noted.</param>
    /// <param name="nodes">What the cluster tells of its nodes; null where it was not asked or did not answer.</param>
    /// <param name="unanswered">Why it did not answer.</param>
    /// <param name="now">The machine's time.</param>
    public static ClusterView Of(
        ClusterFolder folder, ClusterSpec spec, ClusterState state, IReadOnlyList<NodeSnapshot>? nodes, string? unanswered, DateTimeOffset now)
    {
        var isRunning = state.Phase is not (ClusterPhase.Stopped or ClusterPhase.Crashed);
        return new ClusterView
        {
            Folder = folder.Path,
            Phase = state.Phase,
            Store = spec.Store,
            Supervisor = isRunning ? state.Supervisor.ProcessId : null,
            StartedAt = isRunning ? state.StartedAt : null,
            Unanswered = unanswered,
            Nodes = [.. state.Silos.Select(silo => Of(silo, isRunning, nodes?.FirstOrDefault(node => IsOf(node, silo)), now))],
        };
    }

    private static SiloView Of(SiloState silo, bool isRunning, NodeSnapshot? node, DateTimeOffset now)
    {
        var hasProcess = isRunning && silo is { HasEnded: false, Process: not null };
        return new SiloView
        {
            Name = silo.Name,
            ProcessId = hasProcess ? silo.Process!.ProcessId : null,
            SiloPort = silo.SiloPort,
            GatewayPort = silo.GatewayPort,
            Phase = PhaseOf(silo, isRunning, hasProcess ? node : null),
            UptimeSeconds = hasProcess && silo.StartedAt is { } started ? Math.Round((now - started).TotalSeconds, 1) : null,
            Restarts = silo.Restarts,
            Running = hasProcess ? node?.Heartbeat?.Running : null,
            Waiting = hasProcess ? node?.Heartbeat?.Waiting.Count : null,
            Problem = isRunning ? ProblemOf(silo) : null,
        };
    }

    /// <summary>The node's present life is the one that its present process says it lives: those before it are others.</summary>
    private static bool IsOf(NodeSnapshot node, SiloState silo) =>
        node.Info.Name == silo.Name && node.Info.ProcessId == silo.Process?.ProcessId && node.Info.ProcessStart == silo.Process.Start;

    private static string PhaseOf(SiloState silo, bool isRunning, NodeSnapshot? node) => (isRunning, silo, node) switch
    {
        (false, _, _) => "stopped",
        (_, { HasEnded: true }, _) => "ended",
        (_, _, { } known) => Tables.Words(known.Phase),
        (_, { IsReady: true }, _) => "joined",
        _ => "starting",
    };

    private static string? ProblemOf(SiloState silo) => silo switch
    {
        { Problem: { } problem } => problem,
        { HasEnded: true, ExitCode: ExitCodes.Right } => "has left in order; it is not started again (ft cluster stop, then ft cluster start)",
        { HasEnded: true, ExitCode: > 128 and var code } => $"ended by signal {code - 128}; it is started again",
        { HasEnded: true, ExitCode: { } code } => $"ended with exit code {code}; it is started again",
        _ => null,
    };
}
