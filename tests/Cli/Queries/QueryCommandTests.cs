using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Connections;
using FaultTolerance.Cli.Queries;

namespace FaultTolerance.Cli.Tests.Queries;

public sealed class QueryCommandTests : IDisposable
{
    private const string Id = "0199a1b2c3d47000800000000000002a";

    private readonly RecordedPrograms _programs = new();
    private readonly CommandLine _ft;

    public QueryCommandTests() => _ft = new CommandLine(_programs.ToPrograms());

    public void Dispose() => _ft.Dispose();

    [Fact]
    public async Task Without_options_the_local_cluster_is_asked_and_answers_are_short()
    {
        await _ft.RunAsync("tasks", "list");
        await _ft.RunAsync("tasks", "show", Id);
        await _ft.RunAsync("lineage", Id);
        await _ft.RunAsync("nodes");
        await _ft.RunAsync("incidents");
        await _ft.RunAsync("incidents", "show", "node/1");
        await _ft.RunAsync("incidents", "--follow");

        Assert.Equal(
            [
                ["list", new ClusterTarget(), new TaskFilter { Limit = 20 }, false],
                ["show", new ClusterTarget(), TaskId.Parse(Id), false],
                ["lineage", new ClusterTarget(), TaskId.Parse(Id), new LineageLimits(3, 10, 500), false],
                ["nodes", new ClusterTarget(), false, 5, false],
                ["incidents", new ClusterTarget(), new IncidentQuery(null, 20), false],
                ["incident", new ClusterTarget(), "node/1", false],
                ["follow", new ClusterTarget(), null, null, false],
            ],
            _programs.Calls);
    }

    [Fact]
    public async Task Every_option_is_read()
    {
        string[] target =
        [
            "--store", "postgres", "--connection", "Host=db", "--schema", "mine", "--cluster-id", "c", "--service-id", "s", "--timeout", "30", "--json",
        ];

        await _ft.RunAsync(["tasks", "list", "--phase", "failed", "--handler", "files.digest", "--limit", "500", "--after", Id, "--oldest", .. target]);
        await _ft.RunAsync(["lineage", Id, "--depth", "50", "--width", "1000", .. target]);
        await _ft.RunAsync(["nodes", "--all", "--incidents", "0", .. target]);
        await _ft.RunAsync(["incidents", "--kind", "storage", "--limit", "500", .. target]);
        await _ft.RunAsync(["incidents", "--follow", "--after", "beginning", "--kind", "node", .. target]);

        var expected = new ClusterTarget
        {
            Store = StoreKind.Postgres,
            Connection = "Host=db",
            Schema = "mine",
            ClusterId = "c",
            ServiceId = "s",
            Timeout = TimeSpan.FromSeconds(30),
        };
        var filter = new TaskFilter { Phase = TaskPhase.Failed, Handler = "files.digest", Limit = 500, After = TaskId.Parse(Id), OldestFirst = true };
        Assert.Equal(
            [
                ["list", expected, filter, true],
                ["lineage", expected, TaskId.Parse(Id), new LineageLimits(50, 1_000, 500), true],
                ["nodes", expected, true, 0, true],
                ["incidents", expected, new IncidentQuery(FailedEntity.Storage, 500), true],
                ["follow", expected, FailedEntity.Node, "beginning", true],
            ],
            _programs.Calls);
    }

    [Fact]
    public async Task Ids_to_cancel_are_read_in_either_form_each_once()
    {
        await _ft.RunAsync("tasks", "cancel", Id, "0199a1b2-c3d4-7000-8000-00000000002b", Id, "--reason", "not needed any more", "--folder", "/f");

        var call = Assert.Single(_programs.Calls);
        Assert.Equal(new ClusterTarget { Folder = "/f" }, call[1]);
        Assert.Equal([TaskId.Parse(Id), TaskId.Parse("0199a1b2c3d47000800000000000002b")], Assert.IsType<TaskId[]>(call[2]));
        Assert.Equal("not needed any more", call[3]);
    }

    [Theory]
    [InlineData("'xyz' is no task id. An id has 32 hexadecimal digits", "tasks", "show", "xyz")]
    [InlineData("'xyz' is no task id", "tasks", "cancel", Id, "xyz")]
    [InlineData("'xyz' is no task id", "lineage", "xyz")]
    [InlineData("'xyz' is no task id", "tasks", "list", "--after", "xyz")]
    [InlineData("ft tasks show --help", "tasks", "show")]
    [InlineData("ft tasks cancel --help", "tasks", "cancel")]
    [InlineData("ft tasks --help", "tasks")]
    [InlineData("lost", "tasks", "list", "--phase", "lost")]
    [InlineData("--limit is 501; it must be between 1 and 500.", "tasks", "list", "--limit", "501")]
    [InlineData("--timeout is 0; it must be between 1 and 600.", "nodes", "--timeout", "0")]
    [InlineData("--incidents is 501; it must be between 0 and 500.", "nodes", "--incidents", "501")]
    [InlineData("--limit is 0; it must be between 1 and 500.", "incidents", "--limit", "0")]
    [InlineData("--kind is 'disk'; it must be", "incidents", "--kind", "disk")]
    [InlineData("--after needs --follow.", "incidents", "--after", "beginning")]
    [InlineData("--depth is 51; it must be between 1 and 50.", "lineage", Id, "--depth", "51")]
    [InlineData("--store postgres needs --connection", "nodes", "--store", "postgres")]
    [InlineData("--store sqlite needs --connection with the data folder", "nodes", "--store", "sqlite")]
    [InlineData("--connection needs --store", "nodes", "--connection", "Host=db")]
    [InlineData("--schema is for --store postgres", "nodes", "--schema", "mine")]
    [InlineData("leave out one of them", "nodes", "--folder", "/f", "--store", "sqlite", "--connection", "/d")]
    public async Task A_bad_command_line_is_told_on_standard_error_and_nothing_runs(string expected, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, await _ft.RunAsync(arguments));

        Assert.Contains(expected, _ft.Error, StringComparison.Ordinal);
        Assert.Equal("", _ft.Output);
        Assert.Empty(_programs.Calls);
    }

    [Fact]
    public async Task A_reason_that_is_too_long_is_refused()
    {
        Assert.Equal(ExitCodes.Usage, await _ft.RunAsync("tasks", "cancel", Id, "--reason", new string('x', 501)));

        Assert.Contains("at most 500", _ft.Error, StringComparison.Ordinal);
    }
}
