using System.ComponentModel;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Runs a local cluster: starts its silos, starts again those that die, and lets all leave in order at the end.</summary>
/// <remarks>However this process ends, its silos end with it: in order where there is time, by the kernel where there is none.</remarks>
internal sealed class ClusterSupervisor(TimeProvider timeProvider)
{
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo of the default options may take to leave.</summary>
    public static readonly TimeSpan DefaultStopGrace = GraceOf(new NodeDetectionOptions()); // after the margin, which it reads
    private static readonly TimeSpan FolderInterval = TimeSpan.FromSeconds(2);

    /// <summary>Runs a cluster until it is told to stop.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="joined">Is called when all silos take work; the cluster stops when it fails.</param>
    /// <param name="tell">Is told of what happens later on.</param>
    /// <param name="stop">Stops the cluster.</param>
    /// <exception cref="CommandException">The cluster could not be started; nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">It was told to stop before all silos had joined; nothing is left behind.</exception>
    public async Task RunAsync(ClusterStartOptions options, Func<ClusterState, Task> joined, Action<SiloEvent> tell, CancellationToken stop)
    {
        var folder = new ClusterFolder(options.Folder);
        await using var hold = folder.Hold();
        EndLeftovers(folder);
        var (spec, ports) = ClusterPlan.TakePorts(ClusterPlan.Merge(options, folder.ReadSpec()), folder);
        var board = new StateBoard(folder, NewState(spec));
        try
        {
            folder.WriteSpec(spec);
            folder.WriteState(board.State);
            await RunAsync(folder, spec, board, joined, tell, stop);
        }
        catch (Exception exception) when (Explain(exception) is { } message)
        {
            throw new UsageException(message, exception);
        }
        finally
        {
            board.Enter(ClusterPhase.Stopped);
            foreach (var reservation in ports)
            {
                reservation.Dispose();
            }
        }
    }

    /// <summary>Ends silos that outlived a supervisor which was killed. The kernel does so, too, but it may not have come to it yet.</summary>
    public static void EndLeftovers(ClusterFolder folder)
    {
        foreach (var process in folder.ReadState()?.Silos.Select(silo => silo.Process).OfType<ProcessIdentity>() ?? [])
        {
            LocalProcess.Kill(process);
        }
    }

    private static TimeSpan GraceOf(NodeDetectionOptions options) => NodeAgent.LongestLeave(options) + StopMargin;

    /// <summary>How long a silo may take to leave by the settings that it inherits from this process.</summary>
    private static TimeSpan ReadStopGrace()
    {
        var options = new NodeDetectionOptions();
        try
        {
            var settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();
            FaultToleranceSiloBuilderExtensions.BindNodes(options, settings.GetSection($"{FaultToleranceSiloBuilderExtensions.ConfigurationSection}:Nodes"));
            return GraceOf(options);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            return DefaultStopGrace; // the silos do not start with it, and say why
        }
    }

    private async Task RunAsync(
        ClusterFolder folder, ClusterSpec spec, StateBoard board, Func<ClusterState, Task> joined, Action<SiloEvent> tell, CancellationToken stop)
    {
        await using var cluster = await LocalCluster.StartAsync(
            new LocalClusterOptions
            {
                Program = SiloHostProgram.Create(ClusterPlan.StoreOf(spec, folder).SiloSettings, spec.Handlers),
                Folder = folder.Path,
                Silos = spec.Silos,
                Ports = [.. spec.Ports.Take(spec.Silos).SelectMany(ports => new[] { ports.SiloPort, ports.GatewayPort })],
                RestartsDead = true,
                StopGrace = board.State.StopGrace,
                TimeProvider = timeProvider,
            },
            stop);
        var past = cluster.Events.ToList();
        board.Note(past);
        using var following = new CancellationTokenSource();
        var follower = board.FollowAsync(cluster.Events, past[^1].Position, tell, following.Token);
        try
        {
            board.Enter(ClusterPhase.Running);
            await joined(board.State);
            await UntilAsync(folder, stop);
            board.Enter(ClusterPhase.Stopping);
            await cluster.StopAsync();
        }
        finally
        {
            await following.CancelAsync();
            await follower;
        }
    }

    /// <summary>Returns when the cluster is to stop: it is told to, or its folder is gone, without which nobody could tell it any more.</summary>
    private async Task UntilAsync(ClusterFolder folder, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(FolderInterval, timeProvider);
        try
        {
            while (folder.IsThere)
            {
                await timer.WaitForNextTickAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private ClusterState NewState(ClusterSpec spec) => new()
    {
        Phase = ClusterPhase.Starting,
        Supervisor = ProcessIdentity.OfThisProcess(),
        StartedAt = timeProvider.GetUtcNow(),
        StopGrace = ReadStopGrace(),
        Silos = [.. spec.Ports.Take(spec.Silos).Select(ports => new SiloState { Name = ports.Name, SiloPort = ports.SiloPort, GatewayPort = ports.GatewayPort })],
    };

    private static string? Explain(Exception exception) => exception switch
    {
        SiloEndedException ended => SiloFailure.Explain(ended),
        Win32Exception => $"A silo could not be started: {exception.Message}",
        OptionsValidationException => exception.Message,
        IOException or UnauthorizedAccessException => $"{exception.Message} Make room, or name another folder with --folder.",
        _ => null,
    };
}
