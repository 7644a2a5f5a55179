using System.Text.Json;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Queries;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace FaultTolerance.Cli.Tests.Queries;

/// <summary>The fields of the JSON are a contract: names, in their order.</summary>
public sealed class JsonTests
{
    [Fact]
    public async Task A_list_of_tasks()
    {
        var json = await ShowAsync(new TaskListView([Views.Item(1)], null));

        Assert.Equal("tasks next", Fields(json));
        var task = json.GetProperty("tasks")[0];
        Assert.Equal("id handler version phase attempt node submittedAt dueAt finishedAt failureKind failureMessage", Fields(task));
        Assert.Equal("running", task.GetProperty("phase").GetString());
        Assert.Equal(JsonValueKind.Null, task.GetProperty("finishedAt").ValueKind);
    }

    [Fact]
    public async Task A_task_with_its_attempts()
    {
        var json = await ShowAsync(TaskView.Of(Views.History()));

        Assert.Equal("id handler version phase attempt node submittedAt dueAt finishedAt deadlineAt parent retries failure attempts progress damage", Fields(json));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("progress").ValueKind);
        Assert.Equal(1, json.GetProperty("retries").GetProperty("crash").GetInt32());
        var attempt = json.GetProperty("attempts")[0];
        Assert.Equal("number node incarnation claimedAt startedAt endedAt outcome failure", Fields(attempt));
        var failure = attempt.GetProperty("failure");
        Assert.Equal("kind message task attempt node exceptionType stackTrace at response retryAt cause", Fields(failure));
        Assert.Equal(("crash", "retried", "failed"), (failure.GetProperty("kind").GetString(), failure.GetProperty("response").GetString(), attempt.GetProperty("outcome").GetString()));
        Assert.Equal("disk [full]", json.GetProperty("failure").GetProperty("cause").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_task_with_progress()
    {
        var progress = (await ShowAsync(TaskView.Of(Views.Progressing()))).GetProperty("progress");

        Assert.Equal("attempt savedAt size type", Fields(progress));
        Assert.Equal((2, 1_234, "My.Cursor"), (progress.GetProperty("attempt").GetInt32(), progress.GetProperty("size").GetInt32(), progress.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Cancels()
    {
        var json = await ShowAsync(new CancelView([CancelItem.Of(Views.Id(1), Views.History().Task)]));

        Assert.Equal("tasks", Fields(json));
        Assert.Equal("id result phase", Fields(json.GetProperty("tasks")[0]));
        Assert.Equal("alreadyEnded", json.GetProperty("tasks")[0].GetProperty("result").GetString());
    }

    [Fact]
    public async Task Nodes_and_incidents()
    {
        var node = new NodeView { Name = "silo-1", Incarnation = "a1", Address = "127.0.0.1:1", Version = "1" };
        var incident = new IncidentView { Incarnation = "a1", Evidence = "gone", Kind = FailureKind.NodeLost };

        var json = await ShowAsync(new NodesView([node], [incident]));

        Assert.Equal("nodes incidents", Fields(json));
        Assert.Equal(
            "name incarnation phase address processId slots running waiting hung joinedAt leaseEndsAt leaseSeconds heardAt silentSeconds endedAt recoveredAt phi order orderReason orderUntil usableSlots progress troubles labels version handlers",
            Fields(json.GetProperty("nodes")[0]));
        Assert.Equal(
            "kind node incarnation at evidence reporter recoveredAt attemptsAffected key entity task attempt actorType actorKey beganAt suspectedAt verifiedAt recoveryStartedAt " +
            "overdueAt elapsedSeconds limitSeconds actions omittedActions followUps",
            Fields(json.GetProperty("incidents")[0]));
        Assert.Equal("nodeLost", json.GetProperty("incidents")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Incidents_in_a_list_and_one_a_line()
    {
        var incident = IncidentView.Of(new IncidentSnapshot
        {
            Key = "storage/1",
            Kind = FailureKind.StoreUnreachable,
            Entity = FailedEntity.Storage,
            Actions = [new IncidentAction(Views.Noon, "recorded", "silo-1")],
            FollowUps = [new IncidentFollowUp("pager", 1, Views.Noon, null, false)],
        });

        var shown = (await ShowAsync(new IncidentListView([incident]))).GetProperty("incidents")[0];
        await using var output = new StringWriter();
        await new Terminal(output, TextWriter.Null, new FakeTimeProvider()).ShowLineAsync(json: true, new FollowedIncident("abc", incident), () => new Text("not asked for"));

        Assert.Equal(("storage", "storeUnreachable", JsonValueKind.Null), (
            shown.GetProperty("entity").GetString(), shown.GetProperty("kind").GetString(), shown.GetProperty("incarnation").ValueKind));
        Assert.Equal(("at what by", "handler tries doneAt error isGivenUp"), (Fields(shown.GetProperty("actions")[0]), Fields(shown.GetProperty("followUps")[0])));
        var line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("position incident", Fields(JsonDocument.Parse(line).RootElement));
    }

    [Fact]
    public async Task Lineage()
    {
        var node = new LineageNode { Id = "1" };

        var json = await ShowAsync(new LineageView("1", "h", 1, TaskPhase.Queued, 0, node, node, node));

        Assert.Equal("id handler version phase attempt upstream downstream children", Fields(json));
        Assert.Equal("id handler version phase attempt isRepeated tasks omitted", Fields(json.GetProperty("upstream")));
    }

    [Fact]
    public async Task A_local_cluster_and_its_stop()
    {
        var json = await ShowAsync(new ClusterView
        {
            Folder = "/f",
            Phase = ClusterPhase.Running,
            Store = StoreKind.Sqlite,
            Nodes = [new SiloView { Name = "silo-1", Phase = "alive" }],
        });

        Assert.Equal("folder phase store supervisor startedAt unanswered nodes", Fields(json));
        Assert.Equal("name processId siloPort gatewayPort phase uptimeSeconds restarts running waiting problem", Fields(json.GetProperty("nodes")[0]));
        Assert.Equal("folder wasRunning inOrder leftovers", Fields(await ShowAsync(new StopView { Folder = "/f" })));
    }

    [Theory]
    [InlineData("Running", "alive", null, ExitCodes.Right)]
    [InlineData("Running", "suspected", null, ExitCodes.Wrong)]
    [InlineData("Starting", "starting", null, ExitCodes.Wrong)]
    [InlineData("Running", "joined", "no answer", ExitCodes.Unreachable)]
    [InlineData("Stopped", "stopped", null, ExitCodes.Unreachable)]
    [InlineData("Crashed", "stopped", null, ExitCodes.Unreachable)]
    public void The_exit_code_of_a_cluster_says_whether_all_of_it_works(string phase, string node, string? unanswered, int expected)
    {
        var view = new ClusterView
        {
            Folder = "/f",
            Phase = Enum.Parse<ClusterPhase>(phase),
            Store = StoreKind.Sqlite,
            Unanswered = unanswered,
            Nodes = [new SiloView { Name = "silo-1", Phase = node }],
        };

        Assert.Equal(expected, view.ExitCode());
    }

    private static async Task<JsonElement> ShowAsync(object view)
    {
        await using var output = new StringWriter();
        await new Terminal(output, TextWriter.Null, new FakeTimeProvider()).ShowAsync(json: true, view, () => new Text("not asked for"));
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    private static string Fields(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(field => field.Name));
}
