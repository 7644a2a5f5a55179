using System.CommandLine;
using FaultTolerance.Cli.Connections;

namespace FaultTolerance.Cli.Queries;

/// <summary>The command line of <c>ft incidents</c>.</summary>
internal static class IncidentsCommand
{
    private const int DefaultLimit = 20;

    /// <summary>Makes the command.</summary>
    public static Command Create(IQueryProgram program)
    {
        var target = new TargetOptions();
        var kind = new Option<FailedEntity?>("--kind") { Description = "Only failures of such things." };
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "How many incidents.", DefaultValueFactory = _ => DefaultLimit };
        var follow = new Option<bool>("--follow") { Description = "Show each new incident as it comes, until interrupted." };
        var after = new Option<string?>("--after") { HelpName = "position", Description = "With --follow: go on after this position, or 'beginning' for all that is recorded." };
        CommandOptions.RequireChoice<FailedEntity>(kind);
        CommandOptions.RequireBetween(limit, 1, IClusterQueryGrain.MaxIncidents);
        var command = new Command("incidents", "Shows what failed, newest first, and what was done about it.") { kind, limit, follow, after };
        command.Validators.Add(result =>
        {
            if (result.GetValue(after) is not null && !result.GetValue(follow))
            {
                result.AddError("--after needs --follow.");
            }
        });
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(follow)
            ? program.FollowIncidentsAsync(target.Read(parsed), parsed.GetValue(kind), parsed.GetValue(after), parsed.GetValue(target.Json), cancellationToken)
            : program.ListIncidentsAsync(
                target.Read(parsed), new IncidentQuery(parsed.GetValue(kind), parsed.GetValue(limit)), parsed.GetValue(target.Json), cancellationToken));
        command.Add(Show(program));
        return command;
    }

    private static Command Show(IQueryProgram program)
    {
        var target = new TargetOptions();
        var key = new Argument<string>("key") { Description = "The key of the incident; ft incidents shows them." };
        var command = new Command("show", "Shows an incident: its times, what was done about it, and how far the handlers of failures have come.") { key };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            program.ShowIncidentAsync(target.Read(parsed), parsed.GetValue(key)!, parsed.GetValue(target.Json), cancellationToken));
        return command;
    }
}
