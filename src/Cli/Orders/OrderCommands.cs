using System.CommandLine;
using FaultTolerance.Cli.Connections;

namespace FaultTolerance.Cli.Orders;

/// <summary>The command lines that give orders to nodes.</summary>
internal static class OrderCommands
{
    private const int MaxReason = 500;
    private const int MaxWithin = 7 * 24 * 3_600;

    /// <summary>Makes the commands.</summary>
    public static IEnumerable<Command> Create(IOrderProgram program) =>
    [
        Plain(program, NodeOrderKind.Quarantine, "quarantine", "Keeps a node from taking work, over restarts too, until it is released. What it runs goes on."),
        Plain(program, NodeOrderKind.None, "release", "Ends a node's quarantine. It takes one attempt at first, then more."),
        Drain(program),
        Plain(program, NodeOrderKind.Evict, "evict", "Has a node hand over at once what it runs, and leave. One that hangs is declared dead at its lease's end, as ever."),
    ];

    private static Command Plain(IOrderProgram program, NodeOrderKind kind, string name, string description)
    {
        var (target, node, reason, noWait) = (new TargetOptions(), Node(), Reason(), NoWait());
        var command = new Command(name, description) { node, reason, noWait };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => program.GiveAsync(
            target.Read(parsed),
            new OrderRequest(kind, parsed.GetValue(node)!, parsed.GetValue(reason), Waits: !parsed.GetValue(noWait)),
            parsed.GetValue(target.Json),
            cancellationToken));
        return command;
    }

    private static Command Drain(IOrderProgram program)
    {
        var (target, node, reason, noWait) = (new TargetOptions(), Node(), Reason(), NoWait());
        var within = new Option<int?>("--within") { HelpName = "seconds", Description = "For how long attempts may go on; the rest is handed over at no cost. The node's own limit when omitted." };
        var preempted = new Option<bool>("--preempted") { Description = "The machine is taken away when the time is over: attempts are handed over before. Needs --within." };
        CommandOptions.RequireBetween(within, 0, MaxWithin);
        var command = new Command("drain", "Has a node take no new work, finish or hand over what it runs, and leave.") { node, within, preempted, reason, noWait };
        command.Validators.Add(result =>
        {
            if (result.GetValue(preempted) && result.GetResult(within) is null)
            {
                result.AddError("--preempted needs --within: when the machine is taken away.");
            }
        });
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => program.GiveAsync(
            target.Read(parsed),
            new OrderRequest(
                NodeOrderKind.Drain,
                parsed.GetValue(node)!,
                parsed.GetValue(reason),
                parsed.GetValue(within) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                parsed.GetValue(preempted),
                !parsed.GetValue(noWait)),
            parsed.GetValue(target.Json),
            cancellationToken));
        return command;
    }

    private static Argument<string> Node() => new("node") { Description = "The node's name, or one of its lives (hexadecimal); ft nodes shows both." };

    private static Option<bool> NoWait() => new("--no-wait") { Description = "Return once the order is stored; do not wait until it is carried out." };

    private static Option<string?> Reason()
    {
        var reason = new Option<string?>("--reason") { HelpName = "text", Description = "Why. Kept with the order and shown." };
        reason.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { Length: > MaxReason } text)
            {
                result.AddError($"--reason has {text.Length} characters; at most {MaxReason} are kept.");
            }
        });
        return reason;
    }
}
