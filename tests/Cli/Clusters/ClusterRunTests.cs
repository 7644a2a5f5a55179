using System.Text.Json;
using FaultTolerance.Chaos.Handlers;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Cli.Tests.Clusters;

/// <summary>Local clusters of real processes: the supervisor that a start leaves behind, and the silo host that users deploy.</summary>
public sealed class ClusterRunTests
{
    private static readonly SubmitOptions Later = new() { StartAfter = TimeSpan.FromHours(1) };

    [Fact]
    public async Task A_cluster_is_started_asked_loses_a_silo_and_is_stopped()
    {
        await using var cluster = new TestCluster();
        var started = await cluster.StartAsync(silos: 3);
        Assert.Equal(["alive", "alive", "alive"], started.GetProperty("nodes").EnumerateArray().Select(node => Text(node, "phase")));
        await using (var client = await cluster.ConnectAsync())
        {
            await AskAboutTasksAsync(cluster, client.Tasks);
        }

        var before = cluster.State.Silos[1];
        LocalProcess.Kill(before.Process!);
        await cluster.UntilAsync(state => state.Silos[1] is { Restarts: 1, IsReady: true });

        var after = cluster.State.Silos[1];
        Assert.Equal((before.SiloPort, before.GatewayPort), (after.SiloPort, after.GatewayPort));
        Assert.NotEqual(before.Process, after.Process);
        var nodes = await cluster.AskAsync(ExitCodes.Right, "nodes", "--all");
        Assert.Equal(["alive", "alive", "dead", "alive"], nodes.GetProperty("nodes").EnumerateArray().Select(node => Text(node, "phase")));
        Assert.Equal(("crash", "silo-2"), (Text(nodes.GetProperty("incidents")[0], "kind"), Text(nodes.GetProperty("incidents")[0], "node")));

        var stopped = await cluster.AskAsync(ExitCodes.Right, "cluster", "stop");
        Assert.True(stopped.GetProperty("inOrder").GetBoolean());
        AssertNothingRuns(cluster.State);
    }

    [Fact]
    public async Task A_supervisor_that_is_killed_leaves_no_silo_and_the_next_start_goes_on_with_the_same_ports()
    {
        await using var cluster = new TestCluster();
        await cluster.StartAsync(silos: 1);
        var before = cluster.State;

        LocalProcess.Kill(before.Supervisor);
        await EndedAsync(before.Supervisor);
        await EndedAsync(before.Silos[0].Process!);

        var status = await cluster.AskAsync(ExitCodes.Unreachable, "cluster", "status");
        Assert.Equal(("crashed", "stopped"), (Text(status, "phase"), Text(status.GetProperty("nodes")[0], "phase")));
        Assert.Equal(ExitCodes.Unreachable, await cluster.RunAsync("nodes"));
        Assert.Contains($"is not running. Start it: ft cluster start --folder {cluster.Folder.Path}", cluster.Error, StringComparison.Ordinal);
        await cluster.StartAsync(silos: 1);
        Assert.Equal(
            (before.Silos[0].SiloPort, before.Silos[0].GatewayPort), (cluster.State.Silos[0].SiloPort, cluster.State.Silos[0].GatewayPort));
    }

    [Fact]
    public async Task Two_clusters_run_side_by_side_and_a_second_one_in_the_same_folder_is_refused()
    {
        await using var one = new TestCluster();
        await using var other = new TestCluster();
        await Task.WhenAll(one.StartAsync(silos: 1), other.StartAsync(silos: 1));

        Assert.Equal(ExitCodes.Usage, await one.RunAsync("cluster", "start"));

        Assert.Contains($"A cluster is running in {one.Folder.Path} already (process {one.State.Supervisor.ProcessId})", one.Error, StringComparison.Ordinal);
        Assert.Equal("", one.Output);
        await one.AskAsync(ExitCodes.Right, "cluster", "status");
        await other.AskAsync(ExitCodes.Right, "cluster", "status");
    }

    [Fact]
    public async Task A_cluster_in_the_foreground_ends_with_its_command()
    {
        await using var cluster = new TestCluster();
        using var interrupt = new CancellationTokenSource();
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, TimeProvider.System);
        var options = new ClusterStartOptions { Folder = cluster.Folder.Path, Silos = 1, Foreground = true };

        var run = new ClusterProgram(terminal, TextReader.Null, TextWriter.Null).StartAsync(options, interrupt.Token);
        await cluster.UntilAsync(state => state is { Phase: ClusterPhase.Running });
        var running = cluster.State;
        await interrupt.CancelAsync();

        Assert.Equal(ExitCodes.Right, await run.WaitAsync(TestCluster.HangLimit));
        Assert.Equal(ClusterPhase.Stopped, cluster.State.Phase);
        AssertNothingRuns(running with { Supervisor = running.Silos[0].Process! }); // the supervisor is this very process
    }

    [Fact]
    public async Task A_cluster_whose_folder_is_deleted_ends()
    {
        await using var cluster = new TestCluster();
        await cluster.StartAsync(silos: 1);
        var before = cluster.State;

        Directory.Move(cluster.Folder.Path, $"{cluster.Folder.Path}-gone");

        await EndedAsync(before.Supervisor);
        AssertNothingRuns(before);
        Directory.Move($"{cluster.Folder.Path}-gone", cluster.Folder.Path);
    }

    private static async Task AskAboutTasksAsync(TestCluster cluster, IFaultToleranceClient client)
    {
        var held = await client.SubmitAsync((ChaosTasks t) => t.Add(1, 2), Later);
        var dependent = await client.SubmitAsync((ChaosTasks t) => t.Add(held.Result, 3));
        var refused = await client.SubmitAsync((ChaosTasks t) => t.Visit(1, default!, default)); // nobody listens there
        await Assert.ThrowsAsync<TaskFailedException>(() => client.GetAsync(refused));
        var (id, dependentId, refusedId) = (held.TaskId.ToString(), dependent.TaskId.ToString(), refused.TaskId.ToString());

        var page = await cluster.AskAsync(ExitCodes.Right, "tasks", "list", "--limit", "2");
        Assert.Equal([refusedId, dependentId], page.GetProperty("tasks").EnumerateArray().Select(task => Text(task, "id")));
        var rest = await cluster.AskAsync(ExitCodes.Right, "tasks", "list", "--after", Text(page, "next")!);
        Assert.Equal((id, "queued"), (Text(Assert.Single(rest.GetProperty("tasks").EnumerateArray()), "id"), Text(rest.GetProperty("tasks")[0], "phase")));
        var failed = await cluster.AskAsync(ExitCodes.Right, "tasks", "list", "--phase", "failed", "--handler", "chaos.visit");
        Assert.Equal("userException", Text(Assert.Single(failed.GetProperty("tasks").EnumerateArray()), "failureKind"));

        var shown = await cluster.AskAsync(ExitCodes.Right, "tasks", "show", refusedId);
        var attempt = Assert.Single(shown.GetProperty("attempts").EnumerateArray());
        Assert.Equal(("failed", "System.Net.Sockets.SocketException"), (Text(attempt, "outcome"), Text(attempt.GetProperty("failure"), "exceptionType")));
        var lineage = await cluster.AskAsync(ExitCodes.Right, "lineage", id);
        Assert.Equal((dependentId, "waiting"), (Text(lineage.GetProperty("downstream").GetProperty("tasks")[0], "id"), Text(lineage.GetProperty("downstream").GetProperty("tasks")[0], "phase")));

        var cancel = await cluster.AskAsync(ExitCodes.NotFound, "tasks", "cancel", id, refusedId, TaskId.New().ToString(), "--reason", "a test");
        Assert.Equal(["cancelled", "alreadyEnded", "notFound"], cancel.GetProperty("tasks").EnumerateArray().Select(task => Text(task, "result")));
        Assert.Equal(ExitCodes.NotFound, await cluster.RunAsync("tasks", "show", TaskId.New().ToString()));
        Assert.Contains("is not known", cluster.Error, StringComparison.Ordinal);
    }

    private static void AssertNothingRuns(ClusterState state) =>
        Assert.DoesNotContain(state.Silos.Select(silo => silo.Process).Append(state.Supervisor), LocalProcess.IsLiving);

    private static async Task EndedAsync(ProcessIdentity process) =>
        Assert.True(await LocalProcess.WaitForEndAsync(process, TestCluster.HangLimit, TimeProvider.System, CancellationToken.None));

    private static string? Text(JsonElement json, string field) => json.GetProperty(field).GetString();
}
