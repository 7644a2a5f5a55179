using System.CommandLine;
using System.Text.Json;
using FaultTolerance.Bench.Detectors;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Bench.Tests;

public sealed class DetectorBenchTests
{
    [Fact]
    public void Without_arguments_ten_to_ten_thousand_nodes_are_simulated() => Assert.Equal([10, 100, 1_000, 10_000], Read().Nodes);

    [Fact]
    public void How_many_nodes_can_be_chosen()
    {
        var options = Read("--nodes", "5", "50", "--quick", "--json");

        Assert.Equal([5, 50], options.Nodes);
        Assert.Equal((true, true), (options.Quick, options.Json));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("100001")]
    public void Too_few_nodes_or_too_many_are_refused(string nodes) => Assert.Equal(
        $"--nodes is {nodes}; it must be between 1 and 100000.", Assert.Single(Command(_ => { }).Parse(["--nodes", nodes]).Errors).Message);

    [Fact]
    public void The_share_of_a_core_counts_each_heartbeat_two_looks_in_its_time_and_one_reading_of_the_rows()
    {
        var cost = new DetectorCost(Nodes: 1_000, Heartbeat: 10, Check: 1, Comparison: 2, Directory: 4, Witnesses: 99, DetectorBytes: 0, DirectoryBytes: 0);

        Assert.Equal(0.02, cost.ShareOfCore(new NodeDetectionOptions()), 6);
        Assert.Equal(0.08, cost.ShareOfCore(new NodeDetectionOptions { Profile = NodeProfile.Fast }), 6);
    }

    [Fact]
    public async Task Each_number_of_nodes_gives_one_line()
    {
        var output = new StringWriter();

        Assert.Equal(0, await new DetectorRun(new DetectorOptions { Nodes = [4, 8], Quick = true, Json = true }, output, TextWriter.Null).RunAsync(TestContext.Current.CancellationToken));

        using var report = JsonDocument.Parse(output.ToString());
        Assert.Equal([4, 8], report.RootElement.GetProperty("costs").EnumerateArray().Select(cost => cost.GetProperty("nodes").GetInt32()));
    }

    private static DetectorOptions Read(params string[] arguments)
    {
        DetectorOptions? read = null;
        Assert.Equal(0, Command(options => read = options).Parse(arguments).Invoke());
        return read!;
    }

    private static Command Command(Action<DetectorOptions> run) => DetectorCommand.Create((options, _) =>
    {
        run(options);
        return Task.FromResult(0);
    });
}
