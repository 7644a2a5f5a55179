using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Testing.Checking;
using FaultTolerance.Testing.Processes;
using FileManifest;
using FileManifest.Check;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace FaultTolerance.Cli.Demo;

/// <summary>One run of the demo: a cluster, the work, the faults, the check.</summary>
internal sealed class DemoRun(DemoOptions options, CheckedFolder input, LiveBoard board, TimeProvider timeProvider)
{
    /// <summary>How long nothing may end before the run is given up: far beyond any detection and any retry.</summary>
    private static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(3);

    /// <summary>Long enough to see that others have taken over before the dead silo itself is back.</summary>
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    /// <summary>Runs it.</summary>
    /// <param name="store">Where the cluster keeps its data.</param>
    /// <param name="folder">The folder for logs and the journal.</param>
    /// <param name="cancellationToken">Interrupts it; nothing is left behind.</param>
    public async Task<DemoResult> RunAsync(ClusterStore store, string folder, CancellationToken cancellationToken)
    {
        var files = input.List(cancellationToken);
        board.Add(TimelineKind.Step, $"{files.Count:N0} files below {options.Folder}; starting {options.Silos} silos on {store.Title}");
        await using var cluster = await OwnCluster.StartAsync(store, SilosIn(store, folder), cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = new NodeWatch(cluster.Store, cluster.See, board, timeProvider);
        var watches = Task.WhenAll(watch.RunAsync(watching.Token), new LiveTimeline(board, watch).RunAsync(cluster.Silos.Events, watching.Token));
        try
        {
            var work = await WorkAsync(cluster, watch, files, cancellationToken);
            board.Add(TimelineKind.Step, $"waiting for the rest of {cluster.Journal.Count:N0} acknowledged tasks");
            await SettleAsync(cluster, cancellationToken);
            var report = await CheckTasksAsync(cluster, store, cancellationToken);
            var victims = await DescribeAsync(cluster, work, report, cancellationToken);
            var result = await CompareAsync(work, report, victims, files, folder, cancellationToken);
            board.Add(TimelineKind.Step, "the silos leave");
            await cluster.StopAsync();
            return result;
        }
        finally
        {
            await watching.CancelAsync();
            await watches;
        }
    }

    private LocalClusterOptions SilosIn(ClusterStore store, string folder) => new()
    {
        Program = SiloHostProgram.Create(store.SiloSettings),
        Folder = folder,
        Silos = options.Silos,
        Chance = Environment.ProcessId,
        RestartsDead = true,
        RestartDelay = RestartDelay,
        TimeProvider = timeProvider,
    };

    private async Task<Work> WorkAsync(OwnCluster cluster, NodeWatch watch, IReadOnlyList<ListedFile> files, CancellationToken cancellationToken)
    {
        var planned = ManifestBuild.CountTasks(files, new ManifestOptions());
        board.Plan(planned);
        var start = board.Elapsed;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hunt = HuntAsync(cluster, () => options.At.HasCome(watch.Ended, planned, board.Elapsed - start), done.Token, cancellationToken);
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var guard = GuardAsync(watch, stalled, done.Token);
        var (manifest, failure) = await BuildAsync(cluster, files, stalled.Token, cancellationToken);
        var elapsed = board.Elapsed - start;
        board.Add(TimelineKind.Step, failure ?? "the manifest is there");
        await done.CancelAsync();
        await guard;
        return new Work(manifest, failure, elapsed, start, await hunt);
    }

    private async Task<(Manifest? Manifest, string? Failure)> BuildAsync(
        OwnCluster cluster, IReadOnlyList<ListedFile> files, CancellationToken stalled, CancellationToken cancellationToken)
    {
        try
        {
            return (await new ManifestBuild(cluster.Client, new ManifestOptions()).RunAsync(options.Folder, files, stalled), null);
        }
        catch (OperationCanceledException) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, $"no task has ended for {StallLimit.TotalMinutes} minutes: the run was given up");
        }
        catch (FaultToleranceException exception)
        {
            return (null, exception.Message);
        }
    }

    private async Task<IReadOnlyList<Strike>> HuntAsync(
        OwnCluster cluster, Func<bool> hasCome, CancellationToken done, CancellationToken cancellationToken)
    {
        if (options.Kill == KillTarget.None)
        {
            return [];
        }

        var struck = await new VictimHunt(cluster, options, board, timeProvider).RunAsync(hasCome, done);
        var aftermath = new Aftermath(cluster.Store, options, board, timeProvider);
        return await Task.WhenAll(struck.Select(strike => aftermath.FollowAsync(strike, cancellationToken)));
    }

    private async Task GuardAsync(NodeWatch watch, CancellationTokenSource stalled, CancellationToken done)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                if (board.Elapsed - watch.LastProgress > StallLimit)
                {
                    await stalled.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Waits until whatever was accepted has ended: a first plan that was mended leaves tasks that nobody waits for.</summary>
    private static async Task SettleAsync(OwnCluster cluster, CancellationToken cancellationToken)
    {
        var all = cluster.Journal.ToList().Select(id => (IObjectRef)new ObjectRef<NoResult>(id));
        await cluster.Client.WaitAllAsync(all, Rest, cancellationToken);
    }

    private async Task<InvariantsReport> CheckTasksAsync(OwnCluster cluster, ClusterStore store, CancellationToken cancellationToken)
    {
        board.Add(TimelineKind.Step, "looking up each of them in the store");
        var checker = new InvariantsChecker(cluster.Store, store.Audit, cluster.Services.GetRequiredService<Serializer>());
        return await checker.CheckAsync(cluster.Journal.ToList(), cancellationToken);
    }

    private async Task<IReadOnlyList<DemoVictim>> DescribeAsync(
        OwnCluster cluster, Work work, InvariantsReport tasks, CancellationToken cancellationToken)
    {
        var aftermath = new Aftermath(cluster.Store, options, board, timeProvider);
        var victims = new List<DemoVictim>();
        foreach (var strike in work.Struck)
        {
            // What a killed silo was running is what history says of it; a paused one may have gone on in the same life.
            var victim = await aftermath.DescribeAsync(strike, cancellationToken);
            var hit = options.Signal == KillSignal.Kill ? tasks.AttemptsHit.GetValueOrDefault(strike.Incarnation) : strike.Running;
            victims.Add(victim with { At = strike.At - work.Start, AttemptsHit = hit });
        }

        return victims;
    }

    private async Task<DemoResult> CompareAsync(
        Work work, InvariantsReport tasks, IReadOnlyList<DemoVictim> victims, IReadOnlyList<ListedFile> before, string folder, CancellationToken cancellationToken)
    {
        board.Add(TimelineKind.Step, "computing the manifest again in a single pass");
        var after = input.List(cancellationToken);
        var check = input.Check(after, cancellationToken);
        var differences = work.Manifest is { } manifest ? ManifestDifferences.Find(check, manifest.ToJson()) : [work.Failure!];
        await File.WriteAllBytesAsync(Path.Join(folder, "check.json"), check, cancellationToken);
        await File.WriteAllBytesAsync(Path.Join(folder, "manifest.json"), work.Manifest?.ToJson() ?? [], cancellationToken);
        return new DemoResult
        {
            Tasks = tasks,
            ManifestMatches = differences.Count == 0,
            Differences = differences,
            InputChanged = !before.SequenceEqual(after),
            Kill = options.Kill,
            Victims = victims,
            Elapsed = work.Elapsed,
            Data = folder,
        };
    }

    private sealed record Work(Manifest? Manifest, string? Failure, TimeSpan Elapsed, TimeSpan Start, IReadOnlyList<Strike> Struck);
}
