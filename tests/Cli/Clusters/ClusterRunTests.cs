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
        var ports = PortsOf(cluster);
        Assert.All(started.GetProperty("nodes").EnumerateArray(), node => Assert.Contains(Text(node, "phase"), (string?[])["alive", "suspected"]));
        string victim;
        await using (var client = await cluster.ConnectAsync())
        {
            await AskAboutTasksAsync(cluster, client.Tasks);
            victim = await KillOneAsync(cluster, client.Tasks);
        }

        await cluster.UntilAsync(state => Silo(state, victim) is { Restarts: 1, IsReady: true });
        var nodes = await cluster.AskAsync([ExitCodes.Right, ExitCodes.Wrong], "nodes", "--all"); // on a busy machine one may be suspected for a moment
        var lives = nodes.GetProperty("nodes").EnumerateArray().Where(node => Text(node, "name") == victim).ToList();
        Assert.Equal(2, lives.Count);
        Assert.Equal(("dead", Text(lives[0], "address")), (Text(lives[1], "phase"), Text(lives[1], "address")));
        var incident = Assert.Single(nodes.GetProperty("incidents").EnumerateArray());
        Assert.Equal(("crash", victim), (Text(incident, "kind"), Text(incident, "node")));
        await AskAboutIncidentsAsync(cluster, Text(incident, "key")!);

        Assert.Equal(ports, PortsOf(cluster));
        var stopped = await cluster.AskAsync([ExitCodes.Right], "cluster", "stop");
        Assert.True(stopped.GetProperty("inOrder").GetBoolean());
        AssertNothingRuns(cluster.State);
    }

    [Fact]
    public async Task A_supervisor_that_is_killed_leaves_no_silo_and_the_next_start_goes_on_with_the_same_ports()
    {
        await using var cluster = new TestCluster();
        await cluster.StartAsync(silos: 1);
        var (before, ports) = (cluster.State, PortsOf(cluster));

        LocalProcess.Kill(before.Supervisor);
        await EndedAsync(before.Supervisor);
        await EndedAsync(before.Silos[0].Process!);

        var status = await cluster.AskAsync([ExitCodes.Unreachable], "cluster", "status");
        Assert.Equal(("crashed", "stopped"), (Text(status, "phase"), Text(status.GetProperty("nodes")[0], "phase")));
        Assert.Equal(ExitCodes.Unreachable, await cluster.RunAsync("nodes"));
        Assert.Contains($"is not running. Start it: ft cluster start --folder {cluster.Folder.Path}", cluster.Error, StringComparison.Ordinal);
        await cluster.StartAsync(silos: 1);
        Assert.Equal(ports, PortsOf(cluster));
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
        await one.AskAsync([ExitCodes.Right, ExitCodes.Wrong], "cluster", "status");
        await other.AskAsync([ExitCodes.Right, ExitCodes.Wrong], "cluster", "status");
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

        var page = await cluster.AskAsync([ExitCodes.Right], "tasks", "list", "--limit", "2");
        Assert.Equal([refusedId, dependentId], page.GetProperty("tasks").EnumerateArray().Select(task => Text(task, "id")));
        var rest = await cluster.AskAsync([ExitCodes.Right], "tasks", "list", "--after", Text(page, "next")!);
        Assert.Equal((id, "queued"), (Text(Assert.Single(rest.GetProperty("tasks").EnumerateArray()), "id"), Text(rest.GetProperty("tasks")[0], "phase")));
        var failed = await cluster.AskAsync([ExitCodes.Right], "tasks", "list", "--phase", "failed", "--handler", "chaos.visit");
        Assert.Equal("userException", Text(Assert.Single(failed.GetProperty("tasks").EnumerateArray()), "failureKind"));

        var shown = await cluster.AskAsync([ExitCodes.Right], "tasks", "show", refusedId);
        var attempt = Assert.Single(shown.GetProperty("attempts").EnumerateArray());
        Assert.Equal(("failed", "System.Net.Sockets.SocketException"), (Text(attempt, "outcome"), Text(attempt.GetProperty("failure"), "exceptionType")));
        var lineage = await cluster.AskAsync([ExitCodes.Right], "lineage", id);
        Assert.Equal((dependentId, "waiting"), (Text(lineage.GetProperty("downstream").GetProperty("tasks")[0], "id"), Text(lineage.GetProperty("downstream").GetProperty("tasks")[0], "phase")));

        var cancel = await cluster.AskAsync([ExitCodes.NotFound], "tasks", "cancel", id, refusedId, TaskId.New().ToString(), "--reason", "a test");
        Assert.Equal(["cancelled", "alreadyEnded", "notFound"], cancel.GetProperty("tasks").EnumerateArray().Select(task => Text(task, "result")));
        Assert.Equal(ExitCodes.NotFound, await cluster.RunAsync("tasks", "show", TaskId.New().ToString()));
        Assert.Contains("is not known", cluster.Error, StringComparison.Ordinal);
    }

    private static async Task AskAboutIncidentsAsync(TestCluster cluster, string key)
    {
        var listed = await cluster.AskAsync([ExitCodes.Right], "incidents", "--kind", "node");
        Assert.Equal(key, Text(Assert.Single(listed.GetProperty("incidents").EnumerateArray()), "key"));
        Assert.Empty((await cluster.AskAsync([ExitCodes.Right], "incidents", "--kind", "storage")).GetProperty("incidents").EnumerateArray());
        var shown = await cluster.AskAsync([ExitCodes.Right], "incidents", "show", key);
        Assert.Equal(("node", "crash"), (Text(shown, "entity"), Text(shown, "kind")));
        Assert.Equal(ExitCodes.NotFound, await cluster.RunAsync("incidents", "show", "node/none"));
        Assert.Contains("No incident node/none is recorded", cluster.Error, StringComparison.Ordinal);

        await using var client = await cluster.ConnectAsync();
        await foreach (var notice in client.FollowAsync(FailurePosition.Beginning, CancellationToken.None))
        {
            Assert.Equal(key, notice.Incident.Key);
            break;
        }
    }

    /// <summary>Has a task kill the process that it runs in, and returns the name of its node once another has ended the task.</summary>
    private static async Task<string> KillOneAsync(TestCluster cluster, IFaultToleranceClient client)
    {
        var crashing = await client.SubmitAsync((ChaosTasks t) => t.CrashUntil(2, default!));
        Assert.Equal(2, await client.GetAsync(crashing).WaitAsync(TestCluster.HangLimit));
        var shown = await cluster.AskAsync([ExitCodes.Right], "tasks", "show", crashing.TaskId.ToString());
        var attempts = shown.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal(["failed", "succeeded"], attempts.Select(attempt => Text(attempt, "outcome")));
        Assert.Equal(("crash", "retried"), (Text(attempts[0].GetProperty("failure"), "kind"), Text(attempts[0].GetProperty("failure"), "response")));
        return Text(attempts[0], "node")!;
    }

    private static List<int> PortsOf(TestCluster cluster) => [.. cluster.State.Silos.SelectMany(silo => new[] { silo.SiloPort, silo.GatewayPort })];

    private static SiloState Silo(ClusterState state, string name) => state.Silos.Single(silo => silo.Name == name);

    private static void AssertNothingRuns(ClusterState state) =>
        Assert.DoesNotContain(state.Silos.Select(silo => silo.Process).Append(state.Supervisor), LocalProcess.IsLiving);

    private static async Task EndedAsync(ProcessIdentity process) =>
        Assert.True(await LocalProcess.WaitForEndAsync(process, TestCluster.HangLimit, TimeProvider.System, CancellationToken.None));

    private static string? Text(JsonElement json, string field) => json.GetProperty(field).GetString();
}
