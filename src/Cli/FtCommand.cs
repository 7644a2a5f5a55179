using System.CommandLine;
using System.CommandLine.Parsing;
using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Demo;
using FaultTolerance.Cli.Orders;
using FaultTolerance.Cli.Queries;

namespace FaultTolerance.Cli;

/// <summary>The command line of <c>ft</c>.</summary>
internal static class FtCommand
{
    /// <summary>How long a command that was interrupted may take to end what it has started.</summary>
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(45); // longer than silos may take to leave

    /// <summary>Runs a command line and returns the exit code.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="programs">What the commands do.</param>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, FtPrograms programs)
    {
        var parsed = Create(programs).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors)
            {
                await error.WriteLineAsync(fault.Message);
            }

            await error.WriteLineAsync($"See: {string.Join(' ', PathTo(parsed.CommandResult))} --help");
            return ExitCodes.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = InterruptGrace,
        };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (CommandException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return exception.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted.");
            return ExitCodes.Interrupted;
        }
    }

    private static RootCommand Create(FtPrograms programs)
    {
        var root = new RootCommand("Fault tolerance for .NET on Orleans.")
        {
            DemoCommand.Create(programs.Demo),
            ChaosCommand.Create(programs.Chaos),
            ClusterCommand.Create(programs.Cluster),
            TasksCommand.Create(programs.Queries),
            NodesCommand.Create(programs.Queries),
            IncidentsCommand.Create(programs.Queries),
            LineageCommand.Create(programs.Queries),
        };
        foreach (var order in OrderCommands.Create(programs.Orders))
        {
            root.Add(order);
        }

        return root;
    }

    private static IEnumerable<string> PathTo(CommandResult command) =>
        command.Parent is CommandResult parent ? [.. PathTo(parent), command.Command.Name] : ["ft"];
}
