using System.Globalization;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using Npgsql;
using Spectre.Console;

namespace FaultTolerance.Cli.Demo;

/// <summary>Runs the demo as often as asked for, shows it, and reports.</summary>
internal sealed class DemoProgram(TextWriter output, TextWriter error, TimeProvider timeProvider)
{
    private const int WidthOfFiles = 200;

    private static readonly int[] WorstFirst = [ExitCodes.Wrong, ExitCodes.InputChanged, ExitCodes.ProvedNothing];

    /// <summary>Runs it and returns the exit code.</summary>
    /// <exception cref="UsageException">Something that it needs is not as it must be.</exception>
    public async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(options.Json ? error : output) });
        console.Profile.Width = console.Profile.Out.IsTerminal ? console.Profile.Width : WidthOfFiles;
        var input = new CheckedFolder(options.Folder);
        var runs = new List<DemoResult>();
        for (var number = 1; number <= options.Repeat; number++)
        {
            var run = await RunOnceAsync(options, input, number, console, cancellationToken);
            console.Write(DemoReport.Draw(run));
            runs.Add(run);
        }

        if (runs.Count > 1)
        {
            console.Write(DemoReport.DrawAll(runs));
        }

        if (options.Json)
        {
            await output.WriteLineAsync(DemoJson.Of(runs).ToText());
        }

        return WorstFirst.FirstOrDefault(code => runs.Any(run => run.ExitCode == code), ExitCodes.Right);
    }

    private async Task<DemoResult> RunOnceAsync(
        DemoOptions options, CheckedFolder input, int number, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var folder = NewFolder(options, number);
        var store = CreateStore(options, folder);
        var board = new LiveBoard(Title(options, store, number), timeProvider);
        DemoResult? result = null;
        var mayDelete = !options.Keep;
        try
        {
            result = await new LiveScreen(console, timeProvider).ShowAsync(
                board, () => new DemoRun(options, input, board, timeProvider).RunAsync(store, folder, cancellationToken));
            mayDelete &= result.ExitCode == ExitCodes.Right;
            return mayDelete ? result with { Data = null } : result;
        }
        catch (Exception exception)
        {
            mayDelete &= !RunFailure.HasLeft(folder); // whoever looks for the reason needs what is left
            if (!mayDelete)
            {
                await error.WriteLineAsync($"The run came to no result; its data and logs are kept in {store.Remains(folder)}.");
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
                await DeleteAsync(store, folder, result is not null);
            }
        }
    }

    private static async Task DeleteAsync(ClusterStore store, string folder, bool isReachable)
    {
        try
        {
            await store.DeleteAsync();
        }
        catch (Exception exception) when (!isReachable && exception is NpgsqlException or IOException)
        {
            return; // the failure of the run itself says more; what is left lies in a place of its own
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string NewFolder(DemoOptions options, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"ft-demo-{Path.GetRandomFileName()[..8]}-{number}");
        var folder = Path.Join(options.Data ?? Path.GetTempPath(), name);
        if ($"{folder}{Path.DirectorySeparatorChar}".StartsWith($"{Path.TrimEndingDirectorySeparator(options.Folder)}{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        {
            throw new UsageException($"The demo's own data would lie in {folder}, below the folder that it reads. Name another place with --data.");
        }

        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The folder {folder} cannot be made: {exception.Message} Name another place with --data.", exception);
        }
    }

    private static ClusterStore CreateStore(DemoOptions options, string folder) => options.Store == StoreKind.Sqlite
        ? new SqliteClusterStore(Path.Join(folder, "data"))
        : new PostgresClusterStore(options.Connection!, PostgresClusterStore.SchemaOf(folder), options.Silos);

    private static string Title(DemoOptions options, ClusterStore store, int number)
    {
        var which = options.Repeat == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"run {number} of {options.Repeat}, ");
        return string.Create(CultureInfo.InvariantCulture, $"{which}{options.Silos} silos on {store.Title}");
    }
}
