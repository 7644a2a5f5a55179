using System.CommandLine;
using FaultTolerance.Cli.Connections;

namespace FaultTolerance.Cli.Queries;

/// <summary>The command line of <c>ft lineage</c>.</summary>
internal static class LineageCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(IQueryProgram program)
    {
        var target = new TargetOptions();
        var id = TaskIds.Argument();
        var depth = new Option<int>("--depth") { HelpName = "N", Description = "How many steps to follow.", DefaultValueFactory = _ => LineageLimits.Default.Depth };
        var width = new Option<int>("--width") { HelpName = "N", Description = "How many tasks to follow from each.", DefaultValueFactory = _ => LineageLimits.Default.Width };
        CommandOptions.RequireBetween(depth, 1, LineageLimits.MaxDepth);
        CommandOptions.RequireBetween(width, 1, LineageLimits.MaxWidth);
        var command = new Command("lineage", "Shows the tasks whose results a task takes, those that take its result, and those that it submitted.") { id, depth, width };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => program.TraceAsync(
            target.Read(parsed),
            parsed.GetValue(id),
            LineageLimits.Default with { Depth = parsed.GetValue(depth), Width = parsed.GetValue(width) },
            parsed.GetValue(target.Json),
            cancellationToken));
        return command;
    }
}
