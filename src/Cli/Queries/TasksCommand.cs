using System.CommandLine;
using FaultTolerance.Cli.Connections;

namespace FaultTolerance.Cli.Queries;

/// <summary>The command line of <c>ft tasks</c>.</summary>
internal static class TasksCommand
{
    private const int DefaultLimit = 20;
    private const int MaxReason = 500;

    /// <summary>Makes the command.</summary>
    public static Command Create(IQueryProgram program) => new("tasks", "Shows and cancels tasks.")
    {
        List(program),
        Show(program),
        Cancel(program),
    };

    private static Command List(IQueryProgram program)
    {
        var target = new TargetOptions();
        var phase = new Option<TaskPhase?>("--phase") { Description = "Only tasks in this phase." };
        var handler = new Option<string?>("--handler") { HelpName = "name", Description = "Only tasks of this handler, in any version, or of name@version." };
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "How many tasks.", DefaultValueFactory = _ => DefaultLimit };
        var after = new Option<TaskId?>("--after") { HelpName = "id", Description = "Go on after this task: the id that the page before ended with.", CustomParser = result => TaskIds.Read(result) };
        var oldest = new Option<bool>("--oldest") { Description = "The oldest first." };
        CommandOptions.RequireChoice<TaskPhase>(phase);
        CommandOptions.RequireBetween(limit, 1, TaskFilter.MaxLimit);
        var command = new Command("list", "Lists tasks, the newest first.") { phase, handler, limit, after, oldest };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => program.ListAsync(
            target.Read(parsed),
            new TaskFilter
            {
                Phase = parsed.GetValue(phase),
                Handler = parsed.GetValue(handler),
                Limit = parsed.GetValue(limit),
                After = parsed.GetValue(after),
                OldestFirst = parsed.GetValue(oldest),
            },
            parsed.GetValue(target.Json),
            cancellationToken));
        return command;
    }

    private static Command Show(IQueryProgram program)
    {
        var target = new TargetOptions();
        var id = TaskIds.Argument();
        var command = new Command("show", "Shows a task: its attempts, why they failed, and what the system did next.") { id };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            program.ShowAsync(target.Read(parsed), parsed.GetValue(id), parsed.GetValue(target.Json), cancellationToken));
        return command;
    }

    private static Command Cancel(IQueryProgram program)
    {
        var target = new TargetOptions();
        var ids = new Argument<TaskId[]>("id") { Arity = ArgumentArity.OneOrMore, Description = "The ids of the tasks.", CustomParser = TaskIds.ReadAll };
        var reason = new Option<string?>("--reason") { HelpName = "text", Description = "Why. Kept with the task." };
        reason.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { Length: > MaxReason } text)
            {
                result.AddError($"--reason has {text.Length} characters; at most {MaxReason} are kept.");
            }
        });
        var command = new Command("cancel", "Cancels tasks and their children. Final: a cancelled task never runs again.") { ids, reason };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => program.CancelAsync(
            target.Read(parsed), parsed.GetValue(ids)!, parsed.GetValue(reason), parsed.GetValue(target.Json), cancellationToken));
        return command;
    }
}
