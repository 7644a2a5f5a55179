using System.CommandLine;

namespace FaultTolerance.Bench;

/// <summary>The command line of the bench.</summary>
internal sealed class BenchCommand
{
    private readonly Option<string[]> _only = new("--only")
    {
        HelpName = "name",
        Description = $"Run only rows whose names start so. May be given more than once. There are: {string.Join(", ", BenchRows.All.Select(row => row.Name))}.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _silos = new("--silos") { HelpName = "N", Description = "How many silo processes a cluster has.", DefaultValueFactory = _ => new BenchOptions().Silos };

    private readonly Option<int> _rounds = new("--rounds") { HelpName = "N", Description = "How many rounds are counted.", DefaultValueFactory = _ => new BenchOptions().Rounds };

    private readonly Option<bool> _quick = new("--quick") { Description = "One short round, to see that all rows run. Its figures mean nothing." };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object on standard output, and all else on standard error." };

    /// <summary>Makes the command.</summary>
    /// <param name="run">Runs the bench and returns the exit code.</param>
    public static RootCommand Create(Func<BenchOptions, CancellationToken, Task<int>> run)
    {
        var line = new BenchCommand();
        RequireBetween(line._silos, 1, BenchOptions.MaxSilos);
        RequireBetween(line._rounds, 1, BenchOptions.MaxRounds);
        line._only.Validators.Add(result =>
        {
            foreach (var name in result.Tokens.Select(token => token.Value).Where(name => !BenchRows.All.Any(row => IsMeant(row.Name, name))))
            {
                result.AddError($"No row's name starts with '{name}'. There are: {string.Join(", ", BenchRows.All.Select(row => row.Name))}.");
            }
        });
        var command = new RootCommand("Measures durable tasks beside what they stand on, and beside what else there is.")
        {
            line._only, line._silos, line._rounds, line._quick, line._json,
        };
        command.SetAction((parsed, cancellationToken) => run(line.Read(parsed), cancellationToken));
        return command;
    }

    /// <summary>Whether a row is meant by a name on the command line.</summary>
    public static bool IsMeant(string row, string name) => row.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses a figure outside of its bounds.</summary>
    public static void RequireBetween(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var number) && (number < least || number > most))
        {
            result.AddError($"{option.Name} is {number}; it must be between {least} and {most}.");
        }
    });

    private BenchOptions Read(ParseResult parsed) => new()
    {
        Only = parsed.GetValue(_only) ?? [],
        Silos = parsed.GetValue(_silos),
        Rounds = parsed.GetValue(_rounds),
        Quick = parsed.GetValue(_quick),
        Json = parsed.GetValue(_json),
    };
}
