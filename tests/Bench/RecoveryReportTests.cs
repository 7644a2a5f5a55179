using System.Text.Json;
using FaultTolerance.Bench.Recoveries;

namespace FaultTolerance.Bench.Tests;

public sealed class RecoveryReportTests
{
    private static readonly Dictionary<string, string> Surroundings = new() { ["machine"] = "a small one" };

    private static readonly RecoveryResult[] Results =
    [
        new("`Fast` on SQLite", Fault.Kill, [Times(0.5, 0.7, 0.8), Times(0.3, 0.4, 0.5), Times(0.4, 0.6, 9)]),
        new("Orleans alone", Fault.Kill, [new StrikeTimes(TimeSpan.FromSeconds(5.7))]),
        new("`Fast` on SQLite", Fault.Freeze, [Times(2, 2.1, 2.2) with { RanOn = TimeSpan.FromSeconds(0.25) }]),
    ];

    [Fact]
    public void Each_fault_has_a_table_with_medians_and_the_99th_percentile()
    {
        var text = RecoveryReport.Text(Surroundings, Results);

        Assert.StartsWith("* machine: a small one", text, StringComparison.Ordinal);
        Assert.Contains("| `Fast` on SQLite | 3 | 0.40 / 0.50 | 0.60 / 0.70 | 0.80 / 9.00 |", text, StringComparison.Ordinal);
        Assert.Contains("| `Fast` on SQLite | 1 | 2.00 / 2.00 | 2.10 / 2.10 | 2.20 / 2.20 | 0.25 / 0.25 |", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("SIGKILL", StringComparison.Ordinal) < text.IndexOf("SIGSTOP", StringComparison.Ordinal));
    }

    [Fact]
    public void Orleans_alone_restarts_nothing() =>
        Assert.Contains("| Orleans alone | 1 | 5.70 / 5.70 | never | never |", RecoveryReport.Text(Surroundings, Results), StringComparison.Ordinal);

    [Fact]
    public void What_others_published_is_told_apart_from_what_was_measured_in_this_run()
    {
        var text = RecoveryReport.Text(Surroundings, Results);

        Assert.True(text.IndexOf("Not measured here", StringComparison.Ordinal) < text.IndexOf("| Hangfire, default | 30 min | measured elsewhere |", StringComparison.Ordinal));
        Assert.All(MeasuredElsewhere.Rows, row => Assert.Contains(row.Source, new[] { "measured elsewhere", "published" }));
    }

    [Fact]
    public void The_report_for_programs_has_every_strike()
    {
        using var report = JsonDocument.Parse(RecoveryReport.Json(Surroundings, Results));
        var first = report.RootElement.GetProperty("recoveries")[0];

        Assert.Equal("Kill", first.GetProperty("fault").GetString());
        Assert.Equal(0.4, first.GetProperty("detected").GetProperty("median").GetDouble());
        Assert.Equal([0.5, 0.3, 0.4], first.GetProperty("strikes").EnumerateArray().Select(strike => strike.GetProperty("detected").GetDouble()));
        Assert.Equal(JsonValueKind.Null, report.RootElement.GetProperty("recoveries")[1].GetProperty("allRestarted").ValueKind);
    }

    private static StrikeTimes Times(double detected, double first, double all) =>
        new(TimeSpan.FromSeconds(detected), TimeSpan.FromSeconds(first), TimeSpan.FromSeconds(all));
}
