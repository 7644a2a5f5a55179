using System.CommandLine;
using FaultTolerance.Cli.Connections;

namespace FaultTolerance.Cli.Queries;

/// <summary>The command line of <c>ft nodes</c>.</summary>
internal static class NodesCommand
{
    private const int DefaultIncidents = 5;

    /// <summary>Makes the command.</summary>
    public static Command Create(IQueryProgram program)
    {
        var target = new TargetOptions();
        var all = new Option<bool>("--all") { Description = "Show lives that have ended, too." };
        var incidents = new Option<int>("--incidents") { HelpName = "N", Description = "How many of the newest incidents to show.", DefaultValueFactory = _ => DefaultIncidents };
        CommandOptions.RequireBetween(incidents, 0, IClusterQueryGrain.MaxIncidents);
        var command = new Command("nodes", "Shows the nodes: phase, life, address, load, lease, last heartbeat; and what failed lately.") { all, incidents };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => program.ShowNodesAsync(
            target.Read(parsed), parsed.GetValue(all), parsed.GetValue(incidents), parsed.GetValue(target.Json), cancellationToken));
        return command;
    }
}
