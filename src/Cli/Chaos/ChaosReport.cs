using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultTolerance.Cli.Chaos;

/// <summary>Draws what a chaos run showed.</summary>
internal static class ChaosReport
{
    private const int MaxShown = 5;

    public static IRenderable Draw(ChaosResult run)
    {
        var (json, grid) = (ChaosJson.Of(run), new Grid().AddColumn().AddColumn());
        Add(grid, "faults", $"{Tables.Number(json.Faults)}: {string.Join(", ", json.ByKind.Where(kind => kind.Value > 0).Select(kind => $"{kind.Key} {Tables.Number(kind.Value!.Value)}"))}");
        foreach (var reason in run.LeftOut.GroupBy(kind => kind.Value, kind => ChaosNames.Of(kind.Key)))
        {
            Add(grid, "left out", $"{string.Join(", ", reason)}: {reason.Key.EscapeMarkup()}");
        }

        Add(grid, "accepted", Tables.Number(run.Tasks.Accepted));
        Add(grid, "succeeded", Tables.Number(run.Tasks.Succeeded));
        Add(grid, "retried", $"{Tables.Number(run.Tasks.Retries.Values.Sum())} ({string.Join(", ", run.Tasks.Retries.OrderByDescending(cause => cause.Value).Select(cause => $"{cause.Key}: {Tables.Number(cause.Value)}"))})");
        Add(grid, "failed", Zero(json.Failed));
        Add(grid, "lost", Zero(run.Tasks.Lost, run.Tasks.LostExamples.Select(id => $"{id}")));
        Add(grid, "committed twice", Zero(run.Tasks.CommittedTwice));
        Add(grid, "broken histories", Zero(run.Tasks.BrokenHistories, run.Tasks.BrokenExamples));
        Add(grid, "wrong results", Zero(run.WrongResults, run.DeniedResults));
        Add(grid, "false deaths", Zero(run.FalseDeaths, FalseDeaths(run)));
        Add(grid, "leaked slots", run.LeakedSlots is { } leaked ? Zero(leaked) : "[red]not known: the cluster does not answer[/]");
        foreach (var problem in json.Problems)
        {
            Add(grid, "problem", $"[red]{problem.EscapeMarkup()}[/]");
        }

        Add(grid, "detected after", Seconds(json.DetectionP50, json.DetectionP99));
        Add(grid, "work restarted after", $"{Seconds(json.RestartP50, json.RestartP99)}; all of it {Seconds(json.AllRestartedP50, json.AllRestartedP99)}");
        Add(grid, "seed", string.Create(CultureInfo.InvariantCulture, $"{run.Seed} (--seed {run.Seed} does the same faults again)"));
        if (run.Data is not null)
        {
            Add(grid, "data and logs", run.Data.EscapeMarkup());
        }

        return new Rows(grid, new Markup(Verdict(run)));
    }

    private static string Verdict(ChaosResult run) => run.ExitCode switch
    {
        ExitCodes.Right => "[green]Right: nothing was lost, nothing was done twice, and nobody was declared dead who was not.[/]",
        ExitCodes.ProvedNothing => "[yellow]Proved nothing: no attempt was hit by any of the faults.[/]",
        _ => "[red]WRONG. Please report this together with the seed, and with data and logs where they were kept.[/]",
    };

    private static string Seconds(double? half, double? most) =>
        half is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{half:0.00} s (half of them), {most:0.00} s (99 of 100)");

    private static IEnumerable<string> FalseDeaths(ChaosResult run) => run.Faults
        .SelectMany(fault => fault.FalseDeaths.Select(node => string.Create(CultureInfo.InvariantCulture, $"{node} (by the end of fault {fault.Fault.Number})")))
        .Concat(run.LateDeaths.Select(node => $"{node} (after the last fault)"));

    private static string Zero(long number) => number == 0 ? "[green]0[/]" : $"[red]{Tables.Number(number)}[/]";

    private static string Zero(long number, IEnumerable<string> which) => which.Take(MaxShown).ToList() is { Count: > 0 } shown
        ? $"{Zero(number)}: {string.Join("; ", shown).EscapeMarkup()}{(number > shown.Count ? "; …" : "")}"
        : Zero(number);

    private static void Add(Grid grid, string name, string value) => grid.AddRow($"[grey]{name}[/]", value);
}
