using System.ComponentModel;
using System.Globalization;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Serialization;
using Spectre.Console;

namespace FaultTolerance.Cli.Chaos;

/// <summary>Does faults to a cluster of its own, shows it, and reports.</summary>
internal sealed class ChaosProgram(TextWriter output, TextWriter error, TimeProvider timeProvider)
{
    private const int WidthOfFiles = 200;

    /// <summary>Others are to have taken over before the dead silo itself is back, and a silo that is struck often is not to wait ever longer.</summary>
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    /// <summary>Runs it and returns the exit code.</summary>
    /// <exception cref="UsageException">Something that it needs is not as it must be.</exception>
    public async Task<int> RunAsync(ChaosOptions options, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(options.Json ? error : output) });
        console.Profile.Width = console.Profile.Out.IsTerminal ? console.Profile.Width : WidthOfFiles;
        var seed = options.Seed ?? (int)(timeProvider.GetUtcNow().ToUnixTimeMilliseconds() & 0xF_FFFF);
        var result = await RunOwnAsync(options, seed, console, cancellationToken);
        console.Write(ChaosReport.Draw(result));
        if (options.Json)
        {
            await output.WriteLineAsync(ChaosJson.Of(result).ToText());
        }

        return result.ExitCode;
    }

    private async Task<ChaosResult> RunOwnAsync(ChaosOptions options, int seed, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ft-chaos-").FullName;
        var board = new LiveBoard($"chaos, seed {seed}, on {options.Store}", timeProvider);
        var mayDelete = true;
        try
        {
            await using var grounds = await ChaosGrounds.PrepareAsync(options, folder);
            var result = await new LiveScreen(console, timeProvider).ShowAsync(board, () => RunOwnAsync(options, grounds, folder, seed, board, cancellationToken));
            mayDelete = result.ExitCode == ExitCodes.Right && !options.Keep;
            if (mayDelete)
            {
                await grounds.Store.DeleteAsync();
            }

            return mayDelete ? result : result with { Data = folder };
        }
        catch (Exception exception) when (Remedy(exception) is { } message)
        {
            throw new UsageException(message, exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not UsageException)
        {
            mayDelete = false; // whoever looks for the reason needs what is left
            await error.WriteLineAsync($"The run failed; its data and logs are kept in {folder}.");
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

    private async Task<ChaosResult> RunOwnAsync(
        ChaosOptions options, ChaosGrounds grounds, string folder, int seed, LiveBoard board, CancellationToken cancellationToken)
    {
        var (kinds, leftOut) = Choose(options, grounds.Conditions(options.Silos), board);
        var plan = ChaosProfiles.Plan(options.Faults, options.Silos, kinds, options.Profile, seed);
        board.Add(TimelineKind.Step, string.Create(CultureInfo.InvariantCulture, $"seed {seed}; starting {options.Silos} silos on {grounds.Store.Title}, profile {options.Profile}"));
        await using var cluster = await OwnCluster.StartAsync(grounds.Store, SilosIn(options, grounds, folder, seed), cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = new NodeWatch(cluster.Store, cluster.See, board, timeProvider);
        var watches = Task.WhenAll(watch.RunAsync(watching.Token), new LiveTimeline(board, watch).RunAsync(cluster.Silos.Events, watching.Token));
        try
        {
            var ground = new ChaosGround(
                new OwnSite(cluster, grounds, timeProvider), cluster.Client, cluster.Journal, grounds.Store.Audit, cluster.Services.GetRequiredService<Serializer>());
            var result = await new ChaosRun(ground, board, timeProvider).RunAsync(plan, seed, options.Profile, cancellationToken);
            board.Add(TimelineKind.Step, "the silos leave");
            await cluster.StopAsync();
            return result with { LeftOut = leftOut };
        }
        finally
        {
            await watching.CancelAsync();
            await watches;
        }
    }

    /// <summary>Chooses the kinds that are possible, and says which are not.</summary>
    /// <exception cref="UsageException">None is.</exception>
    private static (IReadOnlyList<ChaosKind> Kinds, IReadOnlyDictionary<ChaosKind, string> LeftOut) Choose(ChaosOptions options, ChaosConditions conditions, LiveBoard board)
    {
        var leftOut = Enum.GetValues<ChaosKind>().Where(kind => conditions.WhyNot(kind) is not null).ToDictionary(kind => kind, kind => conditions.WhyNot(kind)!);
        IReadOnlyList<ChaosKind> wanted = options.Kinds.Count > 0 ? options.Kinds : Enum.GetValues<ChaosKind>();
        var kinds = wanted.Where(kind => !leftOut.ContainsKey(kind)).ToList();
        foreach (var reason in wanted.Where(leftOut.ContainsKey).GroupBy(kind => leftOut[kind], ChaosNames.Of))
        {
            board.Add(TimelineKind.Step, $"left out: {string.Join(", ", reason)}. {reason.Key}");
        }

        return kinds.Count > 0
            ? (kinds, leftOut)
            : throw new UsageException($"None of the kinds of faults is possible here. {string.Join(" ", wanted.Select(kind => leftOut[kind]).Distinct())}");
    }

    private LocalClusterOptions SilosIn(ChaosOptions options, ChaosGrounds grounds, string folder, int seed) => new()
    {
        Program = SiloHostProgram.Create(new Dictionary<string, string>(grounds.Store.SiloSettings) { ["Nodes:Profile"] = options.Profile.ToString() }),
        Folder = folder,
        Silos = options.Silos,
        Network = grounds.Network,
        Chance = seed & int.MaxValue,
        RestartsDead = true,
        RestartDelay = RestartDelay,
        MaxRestartDelay = RestartDelay,
        TimeProvider = timeProvider,
    };

    /// <summary>What a person can mend is told in words; null for a defect of ours, whose trace is wanted.</summary>
    private static string? Remedy(Exception exception) => exception switch
    {
        SiloEndedException ended => SiloFailure.Explain(ended),
        StoreException or OptionsValidationException => exception.Message,
        Win32Exception => $"A silo could not be started: {exception.Message}",
        NpgsqlException => $"PostgreSQL could not be used: {exception.Message}. See that it runs and that --connection names it and a user who may make schemas.",
        IOException => exception.Message,
        _ => null,
    };
}
