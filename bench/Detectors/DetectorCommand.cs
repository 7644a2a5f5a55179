using System.CommandLine;
using System.Globalization;

namespace FaultTolerance.Bench.Detectors;

/// <summary>The command line of the bench of the failure detector.</summary>
internal sealed class DetectorCommand
{
    private static readonly DetectorOptions Defaults = new();

    private readonly Option<int[]> _nodes = new("--nodes")
    {
        HelpName = "N",
        Description = "How many nodes are simulated. May be given more than once.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. Defaults.Nodes],
    };

    private readonly Option<bool> _quick = new("--quick") { Description = "Short measurements, to see that it runs. Their figures mean nothing." };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object on standard output, and all else on standard error." };

    /// <summary>Makes the command.</summary>
    /// <param name="run">Runs the bench and returns the exit code.</param>
    public static Command Create(Func<DetectorOptions, CancellationToken, Task<int>> run)
    {
        var line = new DetectorCommand();
        line._nodes.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number is < 1 or > DetectorOptions.MaxNodes))
            {
                result.AddError($"--nodes is {token.Value}; it must be between 1 and {DetectorOptions.MaxNodes}.");
            }
        });
        var command = new Command("detector", "Measures what watching over many nodes costs.") { line._nodes, line._quick, line._json };
        command.SetAction((parsed, cancellationToken) => run(line.Read(parsed), cancellationToken));
        return command;
    }

    private DetectorOptions Read(ParseResult parsed) => new()
    {
        Nodes = [.. parsed.GetValue(_nodes)!.Distinct()],
        Quick = parsed.GetValue(_quick),
        Json = parsed.GetValue(_json),
    };
}
