using System.Globalization;
using FaultTolerance.Cli.Connections;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Clusters;

/// <inheritdoc cref="IClusterProgram"/>
internal sealed class ClusterProgram(Terminal terminal, TextReader input, TextWriter output) : IClusterProgram
{
    /// <summary>How long a supervisor may take beyond its silos' leaving.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private TimeProvider TimeProvider => terminal.TimeProvider;

    public async Task<int> StartAsync(ClusterStartOptions options, CancellationToken cancellationToken)
    {
        RequireLinux();
        var folder = new ClusterFolder(options.Folder);
        if (folder.ReadState() is { Phase: not ClusterPhase.Crashed and not ClusterPhase.Stopped })
        {
            throw new UsageException(folder.DescribeRunning());
        }

        if (options.Foreground)
        {
            await new ClusterSupervisor(TimeProvider).RunAsync(options, _ => AnnounceAsync(folder, options.Json, true), told => Tell(options.Json, told), cancellationToken);
            await terminal.SayAsync(options.Json, "The cluster has stopped.");
            return ExitCodes.Right;
        }

        await terminal.SayAsync(options.Json, $"Starting the cluster in {folder.Path} ...");
        await SupervisorLaunch.StartAsync(options, TimeProvider, cancellationToken);
        await AnnounceAsync(folder, options.Json, false);
        return ExitCodes.Right;
    }

    public async Task<int> SuperviseAsync(ClusterStartOptions options, CancellationToken cancellationToken)
    {
        SupervisorLaunch.Detach();
        var isHandedOver = false;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starter = WatchStarterAsync(gone);
        await new ClusterSupervisor(TimeProvider).RunAsync(options, JoinedAsync, _ => { }, gone.Token);
        return isHandedOver ? ExitCodes.Right : ExitCodes.Interrupted;

        async Task JoinedAsync(ClusterState state)
        {
            await SupervisorLaunch.SayJoinedAsync(output, cancellationToken);
            isHandedOver = await starter.WaitAsync(gone.Token);
        }
    }

    public async Task<int> StopAsync(string folder, bool json, CancellationToken cancellationToken)
    {
        var cluster = new ClusterFolder(folder);
        var state = cluster.ReadState();
        var isRunning = state is { Phase: not ClusterPhase.Stopped and not ClusterPhase.Crashed };
        var isKilled = false;
        if (isRunning)
        {
            await terminal.SayAsync(json, $"Stopping the cluster in {cluster.Path} ...");
            LocalProcess.Terminate(state!.Supervisor);
            isKilled = !await LocalProcess.WaitForEndAsync(state.Supervisor, state.StopGrace + StopMargin, TimeProvider, cancellationToken);
            if (isKilled)
            {
                LocalProcess.Kill(state.Supervisor);
                await LocalProcess.WaitForEndAsync(state.Supervisor, KillLimit, TimeProvider, cancellationToken);
            }
        }

        var leftovers = await EndLeftoversAsync(cluster, cancellationToken);
        var result = new StopView { Folder = cluster.Path, WasRunning = isRunning, InOrder = isRunning && !isKilled, Leftovers = leftovers };
        await terminal.ShowAsync(json, result, () => new Spectre.Console.Text(Describe(result)));
        return ExitCodes.Right;
    }

    public async Task<int> ShowAsync(string folder, TimeSpan timeout, bool json, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(new ClusterFolder(folder), timeout, cancellationToken);
        await terminal.ShowAsync(json, view, () => ClusterDrawing.Draw(view));
        return view.ExitCode();
    }

    private async Task AnnounceAsync(ClusterFolder folder, bool json, bool isForeground)
    {
        var view = await ReadAsync(folder, StartTimeout, CancellationToken.None);
        await terminal.ShowAsync(json, view, () => ClusterDrawing.Draw(view));
        await terminal.SayAsync(json, isForeground ? "Stop it with Ctrl-C." : $"Stop it with: ft cluster stop{folder.Option}");
    }

    /// <exception cref="CommandException">There is no cluster in the folder.</exception>
    private async Task<ClusterView> ReadAsync(ClusterFolder folder, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (folder.ReadSpec() is not { } spec || folder.ReadState() is not { } state)
        {
            throw new CommandException(ExitCodes.Unreachable, $"There is no cluster in {folder.Path}. Start one: ft cluster start{folder.Option}");
        }

        if (state.Phase != ClusterPhase.Running)
        {
            return ClusterView.Of(folder, spec, state, null, null, terminal.Now);
        }

        try
        {
            var target = new ClusterTarget { Folder = folder.Path, Timeout = timeout };
            await using var connection = await ClusterConnection.OpenAsync(target, TimeProvider, cancellationToken);
            var nodes = await connection.AskAsync(grains => grains.GetGrain<IFailureDetectorGrain>(0).GetNodesAsync(), cancellationToken);
            return ClusterView.Of(folder, spec, state, nodes, null, terminal.Now);
        }
        catch (CommandException exception)
        {
            return ClusterView.Of(folder, spec, folder.ReadState() ?? state, null, exception.Message, terminal.Now);
        }
    }

    /// <summary>Ends what a killed supervisor may have left, and returns how many processes there were.</summary>
    private async Task<int> EndLeftoversAsync(ClusterFolder folder, CancellationToken cancellationToken)
    {
        var leftovers = (folder.ReadState()?.Silos ?? []).Select(silo => silo.Process).OfType<ProcessIdentity>().Where(LocalProcess.IsLiving).ToList();
        leftovers.ForEach(process => LocalProcess.Kill(process));
        await Task.WhenAll(leftovers.Select(process => LocalProcess.WaitForEndAsync(process, KillLimit, TimeProvider, cancellationToken)));
        if (folder.ReadState() is { Phase: ClusterPhase.Crashed } crashed)
        {
            folder.WriteState(crashed with { Phase = ClusterPhase.Stopped });
        }

        return leftovers.Count;
    }

    /// <summary>Stops the start when whoever asked for it goes before it has said to go on.</summary>
    /// <returns>Whether it has said so.</returns>
    private async Task<bool> WatchStarterAsync(CancellationTokenSource gone)
    {
        await Task.Yield();
        if (await input.ReadLineAsync(CancellationToken.None) is not null)
        {
            return true;
        }

        await gone.CancelAsync();
        return false;
    }

    private void Tell(bool json, SiloEvent told)
    {
        var line = told.Name switch
        {
            SiloEvent.Ready => $"{told.Node} has joined.",
            SiloEvent.ProcessStarted => $"{told.Node} was started again as process {told.ProcessId}.",
            SiloEvent.ProcessEnded => $"{told.Node}: process {told.ProcessId} has ended ({told.Number("exitCode")}).",
            SiloEvent.ProcessNotStarted => $"{told.Node} could not be started again: {told.Text("error")}",
            _ => null,
        };
        if (line is not null)
        {
            terminal.SayAsync(json, string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.GetLocalNow():HH:mm:ss} {line}")).GetAwaiter().GetResult();
        }
    }

    private static string Describe(StopView stopped) => (stopped.WasRunning, stopped.InOrder, stopped.Leftovers) switch
    {
        (false, _, 0) => $"No cluster is running in {stopped.Folder}.\n",
        (false, _, var count) => $"The supervisor in {stopped.Folder} had ended already; {count} silos that it had left were ended.\n",
        (_, true, _) => $"The cluster in {stopped.Folder} has stopped.\n",
        _ => $"The cluster in {stopped.Folder} did not leave in time and was killed. What it ran is resumed at the next start.\n",
    };

    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("A local cluster needs Linux (or WSL), whose kernel ends the silos with their supervisor.");
        }
    }
}
