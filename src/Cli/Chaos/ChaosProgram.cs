using System.Globalization;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using Spectre.Console;

namespace FaultTolerance.Cli.Chaos;

/// <summary>Does faults to a cluster, shows it, and reports.</summary>
internal sealed class ChaosProgram(TextWriter output, TextWriter error, TimeProvider timeProvider)
{
    private const int WidthOfFiles = 200;

    /// <summary>Runs it and returns the exit code.</summary>
    /// <exception cref="UsageException">Something that it needs is not as it must be.</exception>
    public async Task<int> RunAsync(ChaosOptions options, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(options.Json ? error : output) });
        console.Profile.Width = console.Profile.Out.IsTerminal ? console.Profile.Width : WidthOfFiles;
        var seed = options.Seed ?? (int)(timeProvider.GetUtcNow().ToUnixTimeMilliseconds() & 0xF_FFFF);
        var result = await RunAsync(options, seed, console, cancellationToken);
        console.Write(ChaosReport.Draw(result));
        if (options.Json)
        {
            await output.WriteLineAsync(ChaosJson.Of(result).ToText());
        }

        return result.ExitCode;
    }

    private async Task<ChaosResult> RunAsync(ChaosOptions options, int seed, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ft-chaos-").FullName;
        var board = new LiveBoard(Title(options, seed), timeProvider);
        var mayDelete = true;
        try
        {
            var result = await new LiveScreen(console, timeProvider).ShowAsync(board, () => options.Folder is null
                ? new OwnRun(options, board, timeProvider).RunAsync(folder, seed, cancellationToken)
                : new FolderRun(options, board, timeProvider).RunAsync(folder, seed, cancellationToken));
            mayDelete = !OwnRun.Keeps(options, result);
            return mayDelete ? result : result with { Data = folder };
        }
        catch (Exception exception)
        {
            mayDelete = !options.Keep && !RunFailure.HasLeft(folder); // whoever looks for the reason needs what is left
            if (!mayDelete)
            {
                await error.WriteLineAsync($"The run came to no result; its data and logs are kept in {folder}.");
            }

            if (RunFailure.Explain(exception) is { } message)
            {
                throw new UsageException(message, exception);
            }

            throw;
        }
        finally
        {
            if (mayDelete)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string Title(ChaosOptions options, int seed) => string.Create(
        CultureInfo.InvariantCulture, $"chaos, seed {seed}, {(options.Folder is { } folder ? $"on the cluster in {folder}" : $"{options.Silos} silos on {options.Store}")}");
}
