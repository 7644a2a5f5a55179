using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultTolerance.Cli.Live;

/// <summary>Draws a run.</summary>
internal static class LiveView
{
    private const int BarWidth = 40;
    private const int TimelineLength = 12;

    /// <summary>Draws a frame as a picture that is drawn again and again.</summary>
    public static IRenderable Draw(LiveFrame frame) => new Rows(
        new Rule(frame.Title.EscapeMarkup()) { Justification = Justify.Left },
        new Markup(Progress(frame)),
        DrawNodes(frame.Nodes),
        new Rows(frame.Timeline.TakeLast(TimelineLength).Select(entry => new Markup(Line(entry)))));

    /// <summary>Returns how far the work is, as markup.</summary>
    public static string Progress(LiveFrame frame)
    {
        var full = (int)Math.Round(frame.Part * BarWidth);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[green]{new string('━', full)}[/][grey]{new string('─', BarWidth - full)}[/] {frame.Part * 100,3:0} %  {Count(frame)}  [bold]{frame.TasksPerSecond:N0}[/] tasks/s  {frame.Elapsed.TotalSeconds:0.0} s");
    }

    private static string Count(LiveFrame frame) => frame.FaultsPlanned > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{frame.FaultsDone:N0} of {frame.FaultsPlanned:N0} faults  {frame.Ended:N0} tasks")
        : string.Create(CultureInfo.InvariantCulture, $"{frame.Ended:N0} of {frame.Planned:N0} tasks");

    /// <summary>Returns something that happened, as markup.</summary>
    public static string Line(TimelineEntry entry) => string.Create(
        CultureInfo.InvariantCulture, $"[grey]{entry.At.TotalSeconds,7:0.00} s[/]  [{Colour(entry.Kind)}]{entry.Text.EscapeMarkup()}[/]");

    private static Table DrawNodes(IReadOnlyList<NodeLine> nodes)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("node", "state", "process", "running");
        foreach (var node in nodes)
        {
            table.AddRow(
                $"[bold]{node.Name.EscapeMarkup()}[/]",
                $"[{StateColour(node.State)}]{node.State.EscapeMarkup()}[/]",
                string.Create(CultureInfo.InvariantCulture, $"process {node.ProcessId}"),
                string.Create(CultureInfo.InvariantCulture, $"{node.Running} running"));
        }

        return table;
    }

    private static string Colour(TimelineKind kind) => kind switch
    {
        TimelineKind.Fault => "red",
        TimelineKind.Detected => "yellow",
        TimelineKind.Recovered => "green",
        _ => "default",
    };

    private static string StateColour(string state) => state switch
    {
        "alive" => "green",
        "suspected" or "joining" or "starting" or "draining" => "yellow",
        _ => "red",
    };
}
