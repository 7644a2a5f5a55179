using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultTolerance.Cli.Queries;

/// <summary>Draws nodes and incidents.</summary>
internal static class NodeDrawing
{
    public static IRenderable Draw(NodesView view)
    {
        var table = Tables.Create("node!", "phase!", "life!", "address!", ">load!", ">lease!", ">heard!");
        foreach (var node in view.Nodes)
        {
            table.AddRow(
                node.Name.EscapeMarkup(),
                Tables.Phase(Tables.Words(node.Phase)),
                node.Incarnation,
                node.Address,
                Load(node),
                node.LeaseSeconds is { } lease ? (lease > 0 ? $"{lease.ToString("0.0", CultureInfo.InvariantCulture)} s" : "[red]over[/]") : "-",
                node.SilentSeconds is { } silence ? $"{silence.ToString("0.0", CultureInfo.InvariantCulture)} s" : "-");
        }

        IRenderable nodes = view.Nodes.Count > 0 ? table : new Text("No node.");
        return new Rows([nodes, .. view.Nodes.SelectMany(Orders).Select(line => new Markup(line)), .. view.Incidents.SelectMany(IncidentDrawing.Lines).Select(line => new Markup(line))]);
    }

    /// <summary>Running of slots, and what waits for one.</summary>
    private static string Load(NodeView node)
    {
        var waiting = node.Waiting is > 0 and var number ? $" +{Tables.Number(number)}" : "";
        return node.Running is { } running ? $"{Tables.Number(running)}/{Tables.Number(node.Slots)}{waiting}" : $"-/{Tables.Number(node.Slots)}";
    }

    /// <summary>Why a node gets no work, or less.</summary>
    private static IEnumerable<string> Orders(NodeView node)
    {
        if (node.Order is { } order)
        {
            var until = node.OrderUntil is { } at ? $" until {Tables.Time(at)}" : "";
            var reason = node.OrderReason is { Length: > 0 } said ? $": {said.EscapeMarkup()}" : "";
            yield return $"[yellow]{node.Name.EscapeMarkup()}[/] has the order {Tables.Words(order)}{until}{reason}";
        }

        foreach (var trouble in node.Troubles)
        {
            yield return $"[yellow]{node.Name.EscapeMarkup()}[/]: {trouble.EscapeMarkup()}";
        }

        if (node.Order is null && node.UsableSlots < node.Slots)
        {
            yield return $"[yellow]{node.Name.EscapeMarkup()}[/] is let back slowly: {node.UsableSlots} of {node.Slots} slots";
        }
    }
}
