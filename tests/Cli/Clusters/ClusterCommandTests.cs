using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli.Tests.Clusters;

public sealed class ClusterCommandTests : IDisposable
{
    private readonly RecordedPrograms _programs = new();
    private readonly CommandLine _ft;

    public ClusterCommandTests() => _ft = new CommandLine(_programs.ToPrograms());

    public void Dispose() => _ft.Dispose();

    [Fact]
    public async Task Without_options_the_folder_of_the_user_is_meant_and_what_it_keeps()
    {
        await _ft.RunAsync("cluster", "start");
        await _ft.RunAsync("cluster", "stop");
        await _ft.RunAsync("cluster", "status");

        Assert.Equal(
            [
                ["start", new ClusterStartOptions { Folder = ClusterFolder.Default }],
                ["stop", ClusterFolder.Default, false],
                ["status", ClusterFolder.Default, TimeSpan.FromSeconds(5), false],
            ],
            _programs.Calls);
    }

    [Fact]
    public async Task Every_option_of_a_start_is_read()
    {
        await _ft.RunAsync(
            "cluster", "start", "--folder", "/some/folder", "--silos", "5", "--store", "postgres", "--connection", "Host=localhost",
            "--schema", "mine", "--handlers", "/", "--new-ports", "--foreground", "--json");

        Assert.Equal(
            ["start", new ClusterStartOptions
            {
                Folder = "/some/folder",
                Silos = 5,
                Store = StoreKind.Postgres,
                Connection = "Host=localhost",
                Schema = "mine",
                Handlers = "/",
                NewPorts = true,
                Foreground = true,
                Json = true,
            }],
            Assert.Single(_programs.Calls));
    }

    [Theory]
    [InlineData("--silos is 0; it must be between 1 and 32.", "start", "--silos", "0")]
    [InlineData("--silos is 33; it must be between 1 and 32.", "start", "--silos", "33")]
    [InlineData("--connection is for --store postgres", "start", "--store", "sqlite", "--connection", "Host=localhost")]
    [InlineData("--schema is for --store postgres", "start", "--store", "sqlite", "--schema", "mine")]
    [InlineData("--handlers names /no/such/folder, which is no folder", "start", "--handlers", "/no/such/folder")]
    [InlineData("--timeout is 601; it must be between 1 and 600.", "status", "--timeout", "601")]
    [InlineData("oracle", "start", "--store", "oracle")]
    [InlineData("ft cluster start --help", "start", "--frobnicate")]
    [InlineData("ft cluster stop --help", "stop", "now")]
    public async Task A_bad_command_line_is_told_on_standard_error_and_nothing_runs(string expected, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, await _ft.RunAsync(["cluster", .. arguments]));

        Assert.Contains(expected, _ft.Error, StringComparison.Ordinal);
        Assert.Equal("", _ft.Output);
        Assert.Empty(_programs.Calls);
    }

    [Fact]
    public async Task What_start_leaves_behind_is_not_offered_to_people()
    {
        await _ft.RunAsync("cluster", "--help");

        Assert.Contains("status", _ft.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("supervise", _ft.Output, StringComparison.Ordinal);
    }
}
