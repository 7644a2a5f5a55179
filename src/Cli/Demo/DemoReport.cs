using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultTolerance.Cli.Demo;

/// <summary>Draws what a run, or many, showed.</summary>
internal static class DemoReport
{
    /// <summary>Draws the report of one run.</summary>
    public static IRenderable Draw(DemoResult run)
    {
        var grid = new Grid().AddColumn().AddColumn();
        Add(grid, "accepted", Number(run.Tasks.Accepted));
        Add(grid, "succeeded", Number(run.Tasks.Succeeded));
        AddIfAny(grid, "failed", run.Tasks.Failed);
        AddIfAny(grid, "cancelled", run.Tasks.Cancelled);
        Add(grid, "retried", Retries(run));
        Add(grid, "lost", Zero(run.Tasks.Lost));
        Add(grid, "committed twice", Zero(run.Tasks.CommittedTwice));
        AddIfAny(grid, "broken histories", run.Tasks.BrokenHistories);
        foreach (var victim in run.Victims)
        {
            Add(grid, victim.Signal == KillSignal.Kill ? "killed" : "paused", Story(victim));
            if (victim.Complaint is { } complaint)
            {
                Add(grid, "", $"[red]{complaint.EscapeMarkup()}[/]");
            }
        }

        Add(grid, "throughput", string.Create(CultureInfo.InvariantCulture, $"{run.TasksPerSecond:N0} tasks/s over {run.Elapsed.TotalSeconds:0.0} s"));
        Add(grid, "manifest", run.ManifestMatches ? "[green]is what the check computed[/]" : "[red]is not what the check computed[/]");
        foreach (var difference in run.Differences)
        {
            Add(grid, "", difference.EscapeMarkup());
        }

        Add(grid, "data and logs", run.Data?.EscapeMarkup() ?? "removed (--keep keeps them)");
        return new Rows(grid, new Markup(Verdict(run)));
    }

    /// <summary>Draws one line for each run.</summary>
    public static IRenderable DrawAll(IReadOnlyList<DemoResult> runs)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("run", "accepted", "retried", "lost", "twice", "manifest", "hit", "detected", "recovered", "tasks/s", "exit");
        foreach (var (index, run) in runs.Index())
        {
            var json = DemoJson.Of([run]);
            table.AddRow(
                Number(index + 1),
                Number(run.Tasks.Accepted),
                Number(run.Retried),
                Zero(run.Tasks.Lost),
                Zero(run.Tasks.CommittedTwice),
                run.ManifestMatches ? "right" : "[red]wrong[/]",
                Number(run.Victims.Sum(victim => victim.AttemptsHit)),
                Seconds(json.DetectionSeconds),
                Seconds(json.RecoverySeconds),
                string.Create(CultureInfo.InvariantCulture, $"{run.TasksPerSecond:N0}"),
                run.ExitCode == ExitCodes.Right ? "0" : $"[red]{Number(run.ExitCode)}[/]");
        }

        return table;
    }

    private static string Verdict(DemoResult run) => run.ExitCode switch
    {
        ExitCodes.Right => "[green]Right: nothing was lost, nothing was done twice, and the result is what a single pass computed.[/]",
        ExitCodes.ProvedNothing => "[yellow]Proved nothing: no attempt was hit. Choose an earlier moment (--at) or a larger folder.[/]",
        ExitCodes.InputChanged => "[yellow]The folder changed while it was read, so there is nothing to compare with. Choose one that stands still.[/]",
        _ => "[red]WRONG. The data is kept; please report this together with it.[/]",
    };

    private static string Story(DemoVictim victim) => string.Create(
        CultureInfo.InvariantCulture,
        $"{victim.Node.EscapeMarkup()} at {victim.At.TotalSeconds:0.00} s with {victim.AttemptsHit} attempts under way; detected after {Seconds(victim.Detection?.TotalSeconds)}, recovered after {Seconds(victim.Recovery?.TotalSeconds)}");

    private static string Retries(DemoResult run) => run.Tasks.Retries.Count == 0
        ? "0"
        : $"{Number(run.Retried)} ({string.Join(", ", run.Tasks.Retries.OrderByDescending(cause => cause.Value).Select(cause => $"{cause.Key}: {Number(cause.Value)}"))})";

    private static string Seconds(double? seconds) => seconds is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s");

    private static string Zero(long number) => number == 0 ? "[green]0[/]" : $"[red]{Number(number)}[/]";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static void Add(Grid grid, string name, string value) => grid.AddRow($"[grey]{name}[/]", value);

    private static void AddIfAny(Grid grid, string name, long number)
    {
        if (number > 0)
        {
            Add(grid, name, Zero(number));
        }
    }
}
