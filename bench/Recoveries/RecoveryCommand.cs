using System.CommandLine;
using FaultTolerance.Bench.Clusters;
using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>The command line of the bench of recovery.</summary>
internal sealed class RecoveryCommand
{
    private static readonly RecoveryBenchOptions Defaults = new();

    private readonly Option<NodeProfile[]> _profiles = new("--profile")
    {
        Description = "Measure only this profile. May be given more than once. Balanced brings Orleans with its default options along.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. Defaults.Profiles],
    };

    private readonly Option<StoreKind[]> _stores = new("--store")
    {
        Description = "On which store. May be given more than once.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. Defaults.Stores],
    };

    private readonly Option<int> _kills = new("--kills") { HelpName = "N", Description = "How often a silo of each cluster is killed.", DefaultValueFactory = _ => Defaults.Kills };

    private readonly Option<int> _freezes = new("--freezes") { HelpName = "N", Description = $"How often a silo of each cluster is frozen, which takes a lease each time; Orleans with its default options {RecoveryBenchOptions.MaxDefaultFreezes} times at the most.", DefaultValueFactory = _ => Defaults.Freezes };

    private readonly Option<int> _attempts = new("--attempts") { HelpName = "N", Description = "How many attempts a silo runs when it is struck, at least.", DefaultValueFactory = _ => Defaults.Attempts };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object on standard output, and all else on standard error." };

    /// <summary>Makes the command.</summary>
    /// <param name="run">Runs the bench and returns the exit code.</param>
    public static Command Create(Func<RecoveryBenchOptions, CancellationToken, Task<int>> run)
    {
        var line = new RecoveryCommand();
        BenchCommand.RequireBetween(line._kills, 0, RecoveryBenchOptions.MaxStrikes);
        BenchCommand.RequireBetween(line._freezes, 0, RecoveryBenchOptions.MaxStrikes);
        BenchCommand.RequireBetween(line._attempts, 1, RecoveryBenchOptions.MaxAttempts);
        var command = new Command("recovery", "Measures how long it takes from the loss of a silo until others run its attempts, beside Orleans alone.")
        {
            line._profiles, line._stores, line._kills, line._freezes, line._attempts, line._json,
        };
        command.SetAction((parsed, cancellationToken) => run(line.Read(parsed), cancellationToken));
        return command;
    }

    private RecoveryBenchOptions Read(ParseResult parsed) => new()
    {
        Profiles = [.. parsed.GetValue(_profiles)!.Distinct()],
        Stores = [.. parsed.GetValue(_stores)!.Distinct()],
        Kills = parsed.GetValue(_kills),
        Freezes = parsed.GetValue(_freezes),
        Attempts = parsed.GetValue(_attempts),
        Json = parsed.GetValue(_json),
    };
}
