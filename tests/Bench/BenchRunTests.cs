using System.Text.Json;

namespace FaultTolerance.Bench.Tests;

public sealed class BenchRunTests
{
    [Fact]
    public async Task The_smallest_row_runs_and_reports_what_it_ran_on()
    {
        var output = new StringWriter();
        var run = new BenchRun(new BenchOptions { Only = ["sqlite-many"], Silos = 1, Quick = true, Json = true }, output, TextWriter.Null);

        Assert.Equal(0, await run.RunAsync(TestContext.Current.CancellationToken));

        using var report = JsonDocument.Parse(output.ToString());
        var row = Assert.Single(report.RootElement.GetProperty("rows").EnumerateArray());
        Assert.Equal("sqlite-many", row.GetProperty("name").GetString());
        Assert.True(row.GetProperty("median").GetDouble() > 0);
        var durability = report.RootElement.GetProperty("surroundings").EnumerateObject().Single(line => line.Name.StartsWith("SQLite", StringComparison.Ordinal));
        Assert.Contains("journal_mode = wal, synchronous = full", durability.Value.GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_row_of_retries_runs_and_tells_how_late_they_were()
    {
        var output = new StringWriter();
        var run = new BenchRun(new BenchOptions { Only = ["retry-sqlite"], Silos = 1, Quick = true, Json = true }, output, TextWriter.Null);

        Assert.Equal(0, await run.RunAsync(TestContext.Current.CancellationToken));

        using var report = JsonDocument.Parse(output.ToString());
        Assert.True(Assert.Single(report.RootElement.GetProperty("rows").EnumerateArray()).GetProperty("median").GetDouble() >= 0);
    }
}
