using System.Text.Json;
using FaultTolerance.Bench.Recoveries;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Bench.Tests;

public sealed class RecoveryRunTests
{
    [Fact]
    public async Task A_silo_is_killed_with_attempts_under_way_beside_one_of_Orleans_alone()
    {
        var output = new StringWriter();
        var run = new RecoveryRun(
            new RecoveryBenchOptions { Profiles = [NodeProfile.Fast], Kills = 1, Freezes = 0, Attempts = 2, Json = true }, output, TextWriter.Null);

        Assert.Equal(0, await run.RunAsync(TestContext.Current.CancellationToken));

        using var report = JsonDocument.Parse(output.ToString());
        var results = report.RootElement.GetProperty("recoveries").EnumerateArray().ToList();
        Assert.Equal(["`Fast` on SQLite", "Orleans alone, its options as `Fast` sets them"], results.Select(result => result.GetProperty("title").GetString()));
        Assert.True(results[0].GetProperty("strikes")[0].GetProperty("allRestarted").GetDouble() > 0);
    }
}
