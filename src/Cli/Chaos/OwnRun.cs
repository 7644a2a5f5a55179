using System.Globalization;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Cli.Chaos;

/// <summary>A chaos run on a cluster of its own.</summary>
internal sealed class OwnRun(ChaosOptions options, LiveBoard board, TimeProvider timeProvider)
{
    /// <summary>Others are to have taken over before the dead silo itself is back, and a silo that is struck often is not to wait ever longer.</summary>
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    /// <summary>Returns whether data and logs are kept after this result.</summary>
    public static bool Keeps(ChaosOptions options, ChaosResult result) => options.Keep || result.ExitCode != ExitCodes.Right;

    /// <summary>Starts the cluster, and runs; nothing of it is left running.</summary>
    public async Task<ChaosResult> RunAsync(string folder, int seed, CancellationToken cancellationToken)
    {
        await using var grounds = await ChaosGrounds.PrepareAsync(options, folder);
        var result = await RunAsync(grounds, folder, seed, cancellationToken);
        if (!Keeps(options, result))
        {
            await grounds.Store.DeleteAsync();
        }

        return result;
    }

    private async Task<ChaosResult> RunAsync(ChaosGrounds grounds, string folder, int seed, CancellationToken cancellationToken)
    {
        var (kinds, leftOut) = ChaosKinds.Choose(options.Kinds, grounds.Conditions(options.Silos), board);
        var plan = ChaosProfiles.Plan(options.Faults, options.Silos, kinds, options.Profile, seed);
        board.Add(TimelineKind.Step, string.Create(CultureInfo.InvariantCulture, $"seed {seed}; starting {options.Silos} silos on {grounds.Store.Title}, profile {options.Profile}"));
        await using var cluster = await OwnCluster.StartAsync(grounds.Store, SilosIn(grounds, folder, seed), cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = new NodeWatch(cluster.Store, cluster.See, board, timeProvider);
        var watches = Task.WhenAll(watch.RunAsync(watching.Token), new LiveTimeline(board, watch).RunAsync(cluster.Silos.Events, watching.Token));
        try
        {
            var ground = new ChaosGround(
                new OwnSite(cluster, grounds, timeProvider), cluster.Client, cluster.Journal, grounds.Store.Audit, cluster.Services.GetRequiredService<Serializer>());
            var result = await new ChaosRun(ground, board, timeProvider).RunAsync(plan, seed, options.Profile, cancellationToken);
            board.Add(TimelineKind.Step, "the silos leave");
            await cluster.StopAsync();
            return result with { LeftOut = leftOut };
        }
        finally
        {
            await watching.CancelAsync();
            await watches;
        }
    }

    private LocalClusterOptions SilosIn(ChaosGrounds grounds, string folder, int seed) => new()
    {
        Program = SiloHostProgram.Create(new Dictionary<string, string>(grounds.Store.SiloSettings) { ["Nodes:Profile"] = options.Profile.ToString() }),
        Folder = folder,
        Silos = options.Silos,
        Network = grounds.Network,
        Chance = seed & int.MaxValue,
        RestartsDead = true,
        RestartDelay = RestartDelay,
        MaxRestartDelay = RestartDelay,
        TimeProvider = timeProvider,
    };
}
