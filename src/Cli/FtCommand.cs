using System.CommandLine;
using FaultTolerance.Cli.Demo;

namespace FaultTolerance.Cli;

/// <summary>The command line of <c>ft</c>.</summary>
internal static class FtCommand
{
    /// <summary>How long a command that was interrupted may take to end what it has started.</summary>
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(20);

    /// <summary>Runs a command line and returns the exit code.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="runDemo">Runs a demo.</param>
    public static async Task<int> RunAsync(
        string[] arguments, TextWriter output, TextWriter error, Func<DemoOptions, CancellationToken, Task<int>> runDemo)
    {
        var parsed = Create(runDemo).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors)
            {
                await error.WriteLineAsync(fault.Message);
            }

            await error.WriteLineAsync($"See: ft {parsed.CommandResult.Command.Name} --help".Replace("ft ft", "ft", StringComparison.Ordinal));
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
        catch (UsageException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted.");
            return ExitCodes.Interrupted;
        }
    }

    private static RootCommand Create(Func<DemoOptions, CancellationToken, Task<int>> runDemo) => new("Fault tolerance for .NET on Orleans.")
    {
        DemoCommand.Create(runDemo),
    };
}
