using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultTolerance.Cli.Queries;

/// <summary>Draws incidents.</summary>
internal static class IncidentDrawing
{
    public static IRenderable Draw(IncidentListView view) => view.Incidents.Count == 0
        ? new Text("No incident.")
        : new Rows(view.Incidents.SelectMany(incident => Lines(incident).Append($"  [grey]{incident.Key.EscapeMarkup()}[/]")).Select(line => new Markup(line)));

    /// <summary>Draws one incident with all that is known of it.</summary>
    public static IRenderable Draw(IncidentView incident)
    {
        IEnumerable<string> lines =
        [
            .. Lines(incident),
            .. Times(incident).Where(time => time.At is not null).Select(time => $"  {time.Name,-12} {Tables.Time(time.At!.Value)}"),
            .. incident.Actions.Select(action => $"  {Tables.Time(action.At)} {action.What.EscapeMarkup()} [grey]({action.By.EscapeMarkup()})[/]"),
            .. incident.OmittedActions > 0 ? [$"  [grey]{Tables.Number(incident.OmittedActions)} more actions are not kept[/]"] : Array.Empty<string>(),
            .. incident.FollowUps.Select(Line),
        ];
        return new Rows(lines.Select(line => new Markup(line)));
    }

    /// <summary>Returns what happened, to which, on what grounds, and what became of it, as lines of markup.</summary>
    public static IEnumerable<string> Lines(IncidentView incident)
    {
        yield return $"[grey]{Tables.Time(incident.At)}[/] [red]{Tables.Words(incident.Kind)}[/] of {Subject(incident)}";
        yield return $"  {incident.Evidence.EscapeMarkup()} {Outcome(incident)}".TrimEnd();
    }

    private static string Subject(IncidentView incident) => incident.Entity switch
    {
        FailedEntity.Node => $"{(incident.Node ?? "a node").EscapeMarkup()}, life {incident.Incarnation}",
        FailedEntity.Task => $"task {incident.Task}, attempt {incident.Attempt} on {(incident.Node ?? "a node").EscapeMarkup()}",
        FailedEntity.Actor => $"actor {$"{incident.ActorType}/{incident.ActorKey}".EscapeMarkup()} on {(incident.Node ?? "a node").EscapeMarkup()}",
        FailedEntity.Storage => "the store",
        FailedEntity.Unknown => "a kind that this version does not know",
        _ => Tables.Words(incident.Entity),
    };

    private static string Outcome(IncidentView incident) => incident switch
    {
        { RecoveredAt: { } at, Entity: FailedEntity.Actor } => $"[green]alive again[/] after {Tables.Span(at - (incident.BeganAt ?? incident.At))}",
        { Entity: not (FailedEntity.Node or FailedEntity.Storage) } => "",
        { RecoveredAt: { } at, Entity: FailedEntity.Storage } => $"[green]over[/] after {Tables.Span(at - (incident.BeganAt ?? incident.At))}",
        { RecoveredAt: { } at } => $"[green]recovered[/] after {Tables.Span(at - incident.At)}, {Tables.Number(incident.AttemptsAffected)} attempts affected",
        { OverdueAt: not null } => "[red]overdue, not recovered yet[/]",
        _ => "[yellow]not recovered yet[/]",
    };

    private static IEnumerable<(string Name, DateTimeOffset? At)> Times(IncidentView incident) =>
    [
        ("began", incident.BeganAt), ("suspected", incident.SuspectedAt), ("verified", incident.VerifiedAt), ("recovering", incident.RecoveryStartedAt),
        ("overdue", incident.OverdueAt), ("recovered", incident.RecoveredAt),
    ];

    private static string Line(FollowUpView done)
    {
        var state = done.DoneAt is { } at ? $"[green]done[/] {Tables.Time(at)}" : done.IsGivenUp ? "[red]given up[/]" : "[yellow]is called again[/]";
        var error = done.Error is null ? "" : $": {done.Error.EscapeMarkup()}";
        return $"  handler {done.Handler.EscapeMarkup()}: {state} after {Tables.Number(done.Tries)} tries{error}";
    }
}
