using FaultTolerance.Cli.Demo;
using Spectre.Console.Rendering;
using Spectre.Console.Testing;

namespace FaultTolerance.Cli.Tests.Demo;

public sealed class DemoReportTests
{
    [Fact]
    public void It_tells_what_was_lost_retried_killed_detected_and_recovered()
    {
        var report = Text(DemoReport.Draw(Runs.Right with { Data = "/tmp/kept" }));

        Assert.Contains("accepted         4,000", report, StringComparison.Ordinal);
        Assert.Contains("retried          7 (Crash: 6, NodeLost: 1)", report, StringComparison.Ordinal);
        Assert.Contains("lost             0", report, StringComparison.Ordinal);
        Assert.Contains("committed twice  0", report, StringComparison.Ordinal);
        Assert.Contains(
            "killed           silo-2 at 4.50 s with 6 attempts under way; detected after 1.25 s, recovered after 1.50 s", report, StringComparison.Ordinal);
        Assert.Contains("500 tasks/s over 8.0 s", report, StringComparison.Ordinal);
        Assert.Contains("/tmp/kept", report, StringComparison.Ordinal);
        Assert.Contains("Right: nothing was lost", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_manifest_is_told_with_its_differences()
    {
        var report = Text(DemoReport.Draw(Runs.Right with { ManifestMatches = false, Differences = ["words: expected 1, was [2]"] }));

        Assert.Contains("is not what the check computed", report, StringComparison.Ordinal);
        Assert.Contains("words: expected 1, was [2]", report, StringComparison.Ordinal);
        Assert.Contains("WRONG", report, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_cluster_owes_its_victims_is_told_in_a_sentence_each()
    {
        var report = Text(DemoReport.Draw(Runs.Right with
        {
            Victims =
            [
                Runs.Victim with { Node = "silo-1", Detection = null, Recovery = null },
                Runs.Victim with { Node = "silo-2", Signal = KillSignal.Pause, Recovery = null },
                Runs.Victim with { Node = "silo-3", Signal = KillSignal.Pause, IsMissing = true },
            ],
        }));

        Assert.Contains("silo-1 was killed, and nobody has recorded its death", report, StringComparison.Ordinal);
        Assert.Contains("silo-2 was paused and recorded as dead, and its work was never recovered", report, StringComparison.Ordinal);
        Assert.Contains("silo-3 was paused and woken, and is not back in the cluster", report, StringComparison.Ordinal);
        Assert.Contains("WRONG", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_runs_take_a_line_each()
    {
        var report = Text(DemoReport.DrawAll([Runs.Right, Runs.Right with { Victims = [] }]));

        Assert.Contains("1.25 s", report, StringComparison.Ordinal);
        Assert.Equal(2, report.Split('\n').Count(line => line.Contains("4,000", StringComparison.Ordinal)));
    }

    private static string Text(IRenderable picture)
    {
        using var console = new TestConsole().Width(160);
        console.Write(picture);
        return console.Output;
    }
}
