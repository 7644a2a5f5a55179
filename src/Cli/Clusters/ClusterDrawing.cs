using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Draws a local cluster.</summary>
internal static class ClusterDrawing
{
    public static IRenderable Draw(ClusterView cluster)
    {
        var table = Tables.Create("node!", ">pid!", ">silo port", ">gateway", "phase!", ">uptime!", ">restarts", ">running", ">waiting");
        foreach (var node in cluster.Nodes)
        {
            table.AddRow(
                node.Name.EscapeMarkup(),
                Number(node.ProcessId),
                $"{node.SiloPort}",
                $"{node.GatewayPort}",
                Tables.Phase(node.Phase),
                node.UptimeSeconds is { } uptime ? Tables.Span(TimeSpan.FromSeconds(uptime)) : "-",
                Tables.Number(node.Restarts),
                Number(node.Running),
                Number(node.Waiting));
        }

        return new Rows([new Markup(Title(cluster)), table, .. Problems(cluster).Select(line => new Markup(line))]);
    }

    private static string Title(ClusterView cluster)
    {
        var process = cluster.Supervisor is { } supervisor ? $", supervised by process {supervisor}" : "";
        return $"The cluster in [bold]{cluster.Folder.EscapeMarkup()}[/] ({Tables.Words(cluster.Store)}) {Told(cluster.Phase)}{process}.";
    }

    private static string Told(ClusterPhase phase) => phase switch
    {
        ClusterPhase.Running => "[green]is running[/]",
        ClusterPhase.Starting => "[yellow]is starting[/]",
        ClusterPhase.Stopping => "[yellow]is stopping[/]",
        ClusterPhase.Stopped => "is stopped",
        _ => "[red]is down: its supervisor has ended without stopping it[/]",
    };

    private static IEnumerable<string> Problems(ClusterView cluster) =>
    [
        .. cluster.Nodes.Where(node => node.Problem is not null).Select(node => $"[red]{node.Name.EscapeMarkup()}[/]: {node.Problem.EscapeMarkup()}"),
        .. cluster.Unanswered is { } unanswered ? [$"[red]The cluster did not answer[/]: {unanswered.EscapeMarkup()}"] : Array.Empty<string>(),
    ];

    private static string Number(int? number) => number is { } known ? $"{known}" : "-";
}
