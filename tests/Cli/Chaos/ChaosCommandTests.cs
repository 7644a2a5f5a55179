using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Tests.Chaos;

public sealed class ChaosCommandTests : IDisposable
{
    private readonly RecordedPrograms _programs = new();
    private readonly CommandLine _ft;

    public ChaosCommandTests() => _ft = new CommandLine(_programs.ToPrograms());

    public void Dispose() => _ft.Dispose();

    [Fact]
    public async Task Without_options_twenty_faults_are_done_to_three_silos_on_sqlite()
    {
        var options = await ReadAsync();

        Assert.Equal(
            (20, 3, StoreKind.Sqlite, null, NodeProfile.Balanced, null, null, false, false),
            (options.Faults, options.Silos, options.Store, options.Connection, options.Profile, options.Seed, options.Folder, options.Keep, options.Json));
        Assert.Empty(options.Kinds);
    }

    [Fact]
    public async Task Every_option_is_read()
    {
        var options = await ReadAsync(
            "--faults", "200", "--store", "postgres", "--connection", "Host=localhost", "--silos", "5", "--profile", "fast",
            "--kinds", "kill", "--kinds", "PauseLong", "--seed", "7", "--keep", "--json");

        Assert.Equal(
            (200, 5, StoreKind.Postgres, "Host=localhost", NodeProfile.Fast, 7, true, true),
            (options.Faults, options.Silos, options.Store, options.Connection, options.Profile, options.Seed, options.Keep, options.Json));
        Assert.Equal([ChaosKind.Kill, ChaosKind.PauseLong], options.Kinds);
    }

    [Fact]
    public async Task A_running_cluster_is_named_by_its_folder_or_is_the_default_one()
    {
        Assert.Equal("/some/folder", (await ReadAsync("--folder", "/some/folder")).Folder);
        Assert.Equal(ClusterFolder.Default, (await ReadAsync("--cluster")).Folder);
        Assert.Equal(NodeProfile.Cloud, (await ReadAsync("--cluster", "--profile", "cloud")).Profile);
    }

    [Theory]
    [InlineData("--faults is 'many'; it must be a number between 1 and 100000.", "--faults", "many")]
    [InlineData("--kinds names no kind; leave it out to choose from all.", "--kinds", ",")]
    [InlineData("--kinds has 'flood'; it must be some of kill, killMost", "--kinds", "kill", "--kinds", "flood")]
    [InlineData("--faults is 0; it must be between 1 and 100000.", "--faults", "0")]
    [InlineData("--silos is 33; it must be between 1 and 32.", "--silos", "33")]
    [InlineData("--kinds has 'flood'; it must be some of kill, killMost", "--kinds", "kill,flood")]
    [InlineData("--store is 'oracle'", "--store", "oracle")]
    [InlineData("--profile is 'slow'", "--profile", "slow")]
    [InlineData("--connection is for --store postgres", "--connection", "Host=localhost")]
    [InlineData("--silos is for a cluster that the run starts", "--cluster", "--silos", "4")]
    [InlineData("leave out one of them", "--cluster", "--folder", "/some/folder")]
    public async Task A_bad_command_line_is_told_on_standard_error_and_nothing_runs(string expected, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, await _ft.RunAsync(["chaos", .. arguments]));

        Assert.Contains(expected, _ft.Error, StringComparison.Ordinal);
        Assert.Equal("", _ft.Output);
        Assert.Empty(_programs.Calls);
    }

    private async Task<ChaosOptions> ReadAsync(params string[] arguments)
    {
        Assert.Equal(ExitCodes.Right, await _ft.RunAsync(["chaos", .. arguments]));
        return Assert.IsType<ChaosOptions>(_programs.Calls[^1][1]);
    }
}
