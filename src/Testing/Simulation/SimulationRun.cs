namespace FaultTolerance.Testing.Simulation;

/// <summary>Runs a whole cluster in virtual time, in one thread, from one seed: the same seed gives the same run, step for step.</summary>
/// <remarks>
/// A run that finds a violation says how to repeat it: <c>FT_SIMULATION_SEED=N dotnet test tests/Simulation --filter No_seed_breaks</c>, and with
/// <c>FT_SIMULATION_TRACE=1</c> every step is printed. A point of a walk is named by its test, and by its call: <c>FT_SIMULATION_CALL=N</c>.
/// </remarks>
internal static class SimulationRun
{
    /// <summary>The longest that a cluster may take to come to rest once nothing goes wrong any more.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    private const long MaxSteps = 50_000_000;

    /// <summary>Runs one seed with the options that it draws.</summary>
    public static SimulationReport Of(int seed, Func<SimulationOptions, SimulationOptions>? change = null)
    {
        var options = SimulationOptions.Of(seed);
        return Of(seed, change is null ? options : change(options));
    }

    public static SimulationReport Of(int seed, SimulationOptions options)
    {
        // What awaits a step goes on inside that step, and nowhere else.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return Run(seed, options);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private static SimulationReport Run(int seed, SimulationOptions options)
    {
        var cluster = new SimulatedCluster(seed, options);
        var (client, chaos) = (new SimulatedClient(cluster), new SimulatedChaos(cluster));
        foreach (var machine in cluster.Machines)
        {
            machine.Start();
        }

        client.Start();
        chaos.Start();
        if (options.Death is { } death)
        {
            cluster.Timeline.After(death, () => cluster.Machines[0].Node?.Crash());
        }

        var earliestEnd = options.Chaos + options.LatestLanding + TimeSpan.FromSeconds(5);
        while (cluster.Invariants.Violation is null && cluster.Timeline.Steps < MaxSteps && cluster.Timeline.Step())
        {
            var isResting = chaos.IsOver && cluster.Timeline.Elapsed > earliestEnd && client.IsDone;
            if (cluster.Timeline.Elapsed > options.Chaos + LongestRest || (isResting && cluster.Timeline.Steps % 64 == 0 && IsDone(cluster)))
            {
                break;
            }
        }

        cluster.Invariants.CameToRest();
        cluster.Invariants.Lives.CameToRest(cluster.Machines.Select(machine => machine.Node).OfType<SimulatedNode>().Where(node => node.IsUp));
        if (!client.IsDone)
        {
            cluster.Invariants.Violate("The client was never told that all of its tasks are accepted.");
        }

        var report = Report(seed, cluster);
        if (!report.IsClean || options.IsBig || options.Script is not null)
        {
            return report;
        }

        new SlotProbe(cluster).Run();
        return report with { Violation = cluster.Invariants.Violation, Trace = cluster.Invariants.Violation is null ? [] : [.. cluster.Trace.Tail(cluster.Invariants.Culprit)] };
    }

    /// <summary>Whether every task and every death is dealt with, and the processes have noticed.</summary>
    private static bool IsDone(SimulatedCluster cluster) =>
        cluster.Invariants.Unfinished.Count == 0 && cluster.Invariants.Lives.IsAtRest && cluster.Machines.All(machine => machine.Node is not { IsUp: true, Driver.IsEmpty: false });

    private static SimulationReport Report(int seed, SimulatedCluster cluster)
    {
        var rows = cluster.Invariants.Rows.Values;
        return new SimulationReport
        {
            Seed = seed,
            Replay = cluster.Options.Replay ?? SimulationReport.ReplayOf(seed, cluster.Options.IsBig),
            Steps = cluster.Timeline.Steps,
            Elapsed = cluster.Timeline.Elapsed,
            TraceHash = cluster.Trace.Hash,
            Violation = cluster.Invariants.Violation,
            Trace = cluster.Invariants.Violation is null ? [] : [.. cluster.Trace.Tail(cluster.Invariants.Culprit)],
            Accepted = cluster.Invariants.Acknowledged.Count,
            Succeeded = rows.Count(row => row.Phase == TaskPhase.Succeeded),
            Failed = rows.Count(row => row.Phase == TaskPhase.Failed),
            Cancelled = rows.Count(row => row.Phase == TaskPhase.Cancelled),
            Retries = rows.Sum(row => Math.Max(0, row.Attempt - 1)),
            Attempts = cluster.Invariants.Started,
            Deaths = cluster.Invariants.Lives.Deaths,
            Calls = cluster.Network.Calls,
            Faults = cluster.Faults,
        };
    }
}
