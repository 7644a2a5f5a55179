using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultTolerance.Cli.Queries;

/// <summary>Draws tasks.</summary>
internal static class TaskDrawing
{
    private const int MaxHandler = 16;

    /// <summary>Draws a page of a list.</summary>
    /// <param name="list">The page.</param>
    /// <param name="now">The time from which ages are counted.</param>
    public static IRenderable Draw(TaskListView list, DateTimeOffset now)
    {
        var table = Tables.CreateNarrow("task!", "handler!", "phase!", ">try!", "node!", ">age!");
        foreach (var task in list.Tasks)
        {
            table.AddRow(
                task.Id,
                Shortened(task.Handler).EscapeMarkup(),
                Tables.Phase(task.Phase),
                Tables.Number(task.Attempt),
                task.Node?.EscapeMarkup() ?? "-",
                Tables.Span(now - task.SubmittedAt));
        }

        IRenderable body = list.Tasks.Count > 0 ? table : new Text("No task.");
        return list.Next is { } next ? new Rows(body, new Markup($"[grey]There may be more: --after {next}[/]")) : new Rows(body);
    }

    /// <summary>Draws one task with all its attempts.</summary>
    public static IRenderable Draw(TaskView task)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        Add(grid, "task", task.Id);
        Add(grid, "handler", $"{task.Handler.EscapeMarkup()}, version {task.Version}");
        Add(grid, "phase", task.Node is { } node ? $"{Tables.Phase(task.Phase)} on {node.EscapeMarkup()}" : Tables.Phase(task.Phase));
        Add(grid, "submitted", Tables.Time(task.SubmittedAt));
        if (task.FinishedAt is { } finished)
        {
            Add(grid, "finished", $"{Tables.Time(finished)} (after {Tables.Span(finished - task.SubmittedAt)})");
        }
        else if (task.Phase != TaskPhase.Running)
        {
            Add(grid, "due", Tables.Time(task.DueAt));
        }

        if (task.DeadlineAt is { } deadline)
        {
            Add(grid, "deadline", Tables.Time(deadline));
        }

        if (task.Parent is { } parent)
        {
            Add(grid, "submitted by", parent);
        }

        if (task.Retries.Count > 0)
        {
            Add(grid, "retries", string.Join(", ", task.Retries.OrderByDescending(cause => cause.Value).Select(cause => $"{cause.Key}: {Tables.Number(cause.Value)}")));
        }

        if (task.Damage is { } damage)
        {
            Add(grid, "damage", damage.EscapeMarkup());
        }

        if (task.Progress is { } progress)
        {
            Add(grid, "progress", $"{Tables.Number(progress.Size)} bytes of {progress.Type.EscapeMarkup()}, saved by attempt {progress.Attempt} at {Tables.Time(progress.SavedAt)}");
        }

        // A failure outside any attempt, for instance a cancel or a dependency's, stands in no attempt.
        var outside = task.Failure is { } failure && task.Attempts.All(attempt => attempt.Failure != failure) ? FailureDrawing.Lines(failure) : [];
        return new Rows([grid, .. task.Attempts.Count > 0 ? [DrawAttempts(task.Attempts)] : Array.Empty<IRenderable>(), .. outside.Select(line => new Markup(line))]);
    }

    /// <summary>Draws what became of cancels.</summary>
    public static IRenderable Draw(CancelView cancel)
    {
        var table = Tables.Create("task!", "result");
        foreach (var task in cancel.Tasks)
        {
            table.AddRow(task.Id, task.Result switch
            {
                CancelResult.Cancelled => "[green]cancelled[/]",
                CancelResult.NotFound => "[red]not known[/]: never accepted, or its retention has ended",
                _ => $"[yellow]not cancelled[/]: it has {Tables.Words(task.Phase!.Value)} already",
            });
        }

        return table;
    }

    private static Rows DrawAttempts(IReadOnlyList<AttemptView> attempts) => new(attempts.SelectMany(attempt =>
    {
        var took = attempt.EndedAt is { } ended ? $" after {Tables.Span(ended - attempt.ClaimedAt)}" : "";
        var outcome = Tables.Coloured(Tables.Words(attempt.Outcome), attempt.Outcome switch
        {
            AttemptOutcome.Succeeded => "green",
            AttemptOutcome.Failed => "red",
            AttemptOutcome.Running => "blue",
            _ => "yellow",
        });
        var head = $"[bold]attempt {attempt.Number}[/] on {attempt.Node.EscapeMarkup()} at {Tables.Time(attempt.ClaimedAt)}: {outcome}{took}";
        return new[] { head }.Concat(attempt.Failure is { } failure ? FailureDrawing.Lines(failure) : []).Select(line => new Markup(line));
    }));

    private static string Shortened(string handler) => handler.Length <= MaxHandler ? handler : $"{handler[..(MaxHandler - 1)]}…";

    private static void Add(Grid grid, string name, string value) => grid.AddRow($"[grey]{name}[/]", value);
}
