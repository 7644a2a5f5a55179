using System.CommandLine;
using System.CommandLine.Parsing;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Chaos;

/// <summary>The command line of <c>ft chaos</c>.</summary>
internal sealed class ChaosCommand
{
    private readonly Option<int> _faults = new("--faults") { HelpName = "N", Description = "How many faults, one after the other.", DefaultValueFactory = _ => 20 };

    private readonly Option<StoreKind> _store = new("--store")
    {
        Description = "Where the cluster keeps its data. postgres without --connection starts a server of its own, which can fail, too.",
        DefaultValueFactory = _ => StoreKind.Sqlite,
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        HelpName = "text",
        Description = "The PostgreSQL database, in which the run makes a schema of its own. The server is left alone.",
    };

    private readonly Option<int> _silos = new("--silos") { HelpName = "N", Description = "How many silo processes to start.", DefaultValueFactory = _ => 3 };

    private readonly Option<NodeProfile> _profile = new("--profile")
    {
        Description = "How fast the cluster is to find its dead, and so how long a pause it survives. For a running cluster: the profile that it has.",
        DefaultValueFactory = _ => NodeProfile.Balanced,
    };

    private readonly Option<IReadOnlyList<ChaosKind>> _kinds = new("--kinds")
    {
        HelpName = "kind,...",
        Description = $"The kinds of faults to choose from; all that are possible when omitted: {string.Join(", ", Enum.GetValues<ChaosKind>().Select(ChaosNames.Of))}.",
        CustomParser = ParseKinds,
    };

    private readonly Option<int?> _seed = new("--seed") { HelpName = "N", Description = "The number that decides which faults come in which order. One is drawn, and shown, when omitted." };

    private readonly Option<string?> _folder = new("--folder") { HelpName = "folder", Description = "Do faults to the local cluster that runs in this folder, instead of to one of its own." };

    private readonly Option<bool> _cluster = new("--cluster") { Description = "Do faults to the local cluster that runs in the default folder." };

    private readonly Option<bool> _keep = new("--keep") { Description = "Keep data and logs also when all went right." };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object on standard output, and all else on standard error." };

    /// <summary>Makes the command.</summary>
    /// <param name="run">Does it and returns the exit code.</param>
    public static Command Create(Func<ChaosOptions, CancellationToken, Task<int>> run)
    {
        var line = new ChaosCommand();
        CommandOptions.RequireBetween(line._faults, 1, ChaosOptions.MaxFaults);
        CommandOptions.RequireBetween(line._silos, 1, ChaosOptions.MaxSilos);
        CommandOptions.RequireChoice<StoreKind>(line._store);
        CommandOptions.RequireChoice<NodeProfile>(line._profile);
        var command = new Command(
            "chaos",
            "Starts a cluster under load, does faults to it one after the other, and checks that nothing was lost, nothing done twice, and nobody declared dead who was not.")
        {
            line._faults, line._store, line._connection, line._silos, line._profile, line._kinds, line._seed, line._folder, line._cluster, line._keep, line._json,
        };
        command.Validators.Add(line.Validate);
        command.SetAction((parsed, cancellationToken) => run(line.Read(parsed), cancellationToken));
        return command;
    }

    private ChaosOptions Read(ParseResult parsed) => new()
    {
        Faults = parsed.GetValue(_faults),
        Store = parsed.GetValue(_store),
        Connection = parsed.GetValue(_connection),
        Silos = parsed.GetValue(_silos),
        Profile = parsed.GetValue(_profile),
        Kinds = parsed.GetValue(_kinds) ?? [],
        Seed = parsed.GetValue(_seed),
        Folder = parsed.GetValue(_folder) is { } folder ? Path.GetFullPath(folder) : parsed.GetValue(_cluster) ? ClusterFolder.Default : null,
        Keep = parsed.GetValue(_keep),
        Json = parsed.GetValue(_json),
    };

    private void Validate(CommandResult result)
    {
        if (result.GetValue(_connection) is not null && CommandOptions.StoreOf(result, _store) != StoreKind.Postgres)
        {
            result.AddError("--connection is for --store postgres; leave it out, or add --store postgres.");
        }

        if (result.GetValue(_folder) is not null && result.GetValue(_cluster))
        {
            result.AddError("--folder names one local cluster, --cluster the default one; leave out one of them.");
        }

        if (result.GetValue(_folder) is null && !result.GetValue(_cluster))
        {
            return;
        }

        foreach (var option in new Option[] { _store, _connection, _silos }.Where(option => result.GetResult(option) is { Implicit: false }))
        {
            result.AddError($"{option.Name} is for a cluster that the run starts; a running one is as it is.");
        }
    }

    private static List<ChaosKind> ParseKinds(ArgumentResult result)
    {
        var kinds = new List<ChaosKind>();
        var names = result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (names.Count == 0)
        {
            result.AddError("--kinds names no kind; leave it out to choose from all.");
        }

        foreach (var name in names)
        {
            if (ChaosNames.Find(name) is { } kind)
            {
                kinds.Add(kind);
            }
            else
            {
                result.AddError($"--kinds has '{name}'; it must be some of {string.Join(", ", Enum.GetValues<ChaosKind>().Select(ChaosNames.Of))}.");
            }
        }

        return kinds;
    }
}
