using FaultTolerance.Bench.Measuring;
using FaultTolerance.Bench.Reports;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>Strikes the silos of clusters, profile by profile; the clusters of one profile take turns, so that their times can be compared.</summary>
/// <remarks>Nothing is warmed up: silos die rarely, and what follows then is code that has not run before.</remarks>
internal sealed class RecoveryRun(RecoveryBenchOptions options, TextWriter output, TextWriter progress)
{
    /// <summary>How long one strike may take before it is taken for a hang.</summary>
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(5);

    private readonly List<double> _loads = [];

    /// <exception cref="BenchException">Something hung, or a result was wrong.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var load = Surroundings.Load();
        var results = new List<RecoveryResult>();
        await using var lab = new BenchLab(RecoveryBenchOptions.Silos);
        foreach (var profile in options.Profiles)
        {
            results.AddRange(await MeasureAsync(profile, lab, cancellationToken));
        }

        var surroundings = Surroundings.OfMachine(load);
        surroundings["load average at the strikes"] = _loads.Count == 0 ? "no strikes" : $"{Figures.Text(_loads.Min())} - {Figures.Text(_loads.Max())}, median {Figures.Text(Statistics.Median(_loads))}";
        surroundings["topology"] = $"{RecoveryBenchOptions.Silos} silo processes a cluster, loopback, all on one machine; at least {options.Attempts} attempts on the silo that is struck";
        await output.WriteLineAsync(options.Json ? RecoveryReport.Json(surroundings, results) : RecoveryReport.Text(surroundings, results));
        return 0;
    }

    private async Task<IReadOnlyList<RecoveryResult>> MeasureAsync(NodeProfile profile, BenchLab lab, CancellationToken cancellationToken)
    {
        var clusters = new List<(IStruckCluster Cluster, int Kills, int Freezes)>();
        try
        {
            await progress.WriteLineAsync($"starts    {profile}");
            foreach (var store in options.Stores)
            {
                var name = $"{profile}_{store}".ToLowerInvariant();
                var place = await lab.PlaceAsync(store, name);
                clusters.Add((await StruckTasks.StartAsync(place, profile, store, options, lab.Folder($"{name}_logs"), cancellationToken), options.Kills, options.Freezes));
            }

            clusters.Add((await StruckOrleans.StartAsync(profile, RecoveryBenchOptions.Silos, lab.Folder($"orleans_{profile}"), cancellationToken), options.Kills, options.Freezes));
            if (profile == NodeProfile.Balanced)
            {
                var freezes = Math.Min(options.Freezes, RecoveryBenchOptions.MaxDefaultFreezes);
                clusters.Add((await StruckOrleans.StartAsync(null, RecoveryBenchOptions.Silos, lab.Folder("orleans"), cancellationToken), options.Kills, freezes));
            }

            return
            [
                .. await StrikeAsync(Fault.Kill, [.. clusters.Select(cluster => (cluster.Cluster, cluster.Kills))], cancellationToken),
                .. await StrikeAsync(Fault.Freeze, [.. clusters.Select(cluster => (cluster.Cluster, cluster.Freezes))], cancellationToken),
            ];
        }
        finally
        {
            foreach (var (cluster, _, _) in clusters)
            {
                await cluster.DisposeAsync();
            }
        }
    }

    private async Task<IReadOnlyList<RecoveryResult>> StrikeAsync(Fault fault, IReadOnlyList<(IStruckCluster Cluster, int Count)> clusters, CancellationToken cancellationToken)
    {
        var strikes = clusters.ToDictionary(pair => pair.Cluster, _ => new List<StrikeTimes>());
        for (var number = 0; number < clusters.Max(pair => pair.Count); number++)
        {
            foreach (var (cluster, _) in clusters.Where(pair => number < pair.Count))
            {
                _loads.Add(Surroundings.LoadFigure());
                var times = await StrikeAsync(cluster, number, fault, cancellationToken);
                strikes[cluster].Add(times);
                await progress.WriteLineAsync($"{fault,-6} {number + 1,3}  {cluster.Title,-55} {Describe(times)}");
            }
        }

        return [.. clusters.Where(pair => pair.Count > 0).Select(pair => new RecoveryResult(pair.Cluster.Title, fault, strikes[pair.Cluster]))];
    }

    private static async Task<StrikeTimes> StrikeAsync(IStruckCluster cluster, int number, Fault fault, CancellationToken cancellationToken)
    {
        using var hang = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        hang.CancelAfter(HangLimit);
        try
        {
            return await cluster.StrikeAsync(number, fault, hang.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"{cluster.Title}: {fault} {number + 1} had not come to its end after {HangLimit}.\n{cluster.LogTails()}", exception);
        }
    }

    private static string Describe(StrikeTimes times) => string.Join(
        ", ",
        new[] { ("detected", times.Detected), ("first restarted", times.FirstRestarted), ("all restarted", (TimeSpan?)times.AllRestarted), ("ran on", times.RanOn) }
            .Where(pair => pair.Item2 is not null)
            .Select(pair => $"{pair.Item1} {Figures.Text(pair.Item2!.Value.TotalSeconds)} s"));
}
