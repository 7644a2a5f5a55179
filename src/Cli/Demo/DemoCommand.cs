using System.CommandLine;
using System.CommandLine.Parsing;
using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli.Demo;

/// <summary>The command line of <c>ft demo</c>.</summary>
internal sealed class DemoCommand
{
    private readonly Argument<string?> _folder = new("folder")
    {
        Description = "The folder whose files are read. The .NET SDK's own when omitted.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _silos = new("--silos") { HelpName = "N", Description = "How many silo processes to start.", DefaultValueFactory = _ => 3 };

    private readonly Option<KillTarget> _kill = new("--kill")
    {
        Description = "Whom to kill in the midst of the work: none, one, or all at once.",
        DefaultValueFactory = _ => KillTarget.One,
        HelpName = "none|one|all",
    };

    private readonly Option<KillMoment> _at = new("--at")
    {
        Description = "When to kill: after a part of the tasks (50%) or after a time (3s).",
        DefaultValueFactory = _ => KillMoment.HalfWay,
        CustomParser = ParseMoment,
        HelpName = "N%|Ns",
    };

    private readonly Option<KillSignal> _signal = new("--signal")
    {
        Description = "How: kill ends the process at once, pause freezes it until its work was taken over.",
        DefaultValueFactory = _ => KillSignal.Kill,
        HelpName = "kill|pause",
    };

    private readonly Option<StoreKind> _store = new("--store")
    {
        Description = "Where the cluster keeps its data: sqlite needs nothing, postgres needs --connection.",
        DefaultValueFactory = _ => StoreKind.Sqlite,
        HelpName = "sqlite|postgres",
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        HelpName = "text",
        Description = "The PostgreSQL database, for instance \"Host=localhost;Database=test;Username=me;Password=...\". The demo makes a schema of its own in it.",
    };

    private readonly Option<int> _repeat = new("--repeat") { HelpName = "N", Description = "How often to run it; the report adds all runs up.", DefaultValueFactory = _ => 1 };

    private readonly Option<string?> _data = new("--data") { HelpName = "folder", Description = "The folder for data and logs. A new temporary one when omitted." };

    private readonly Option<bool> _keep = new("--keep") { Description = "Keep data and logs also when all went right." };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object on standard output, and all else on standard error." };

    /// <summary>Makes the command.</summary>
    /// <param name="run">Runs a demo and returns the exit code.</param>
    public static Command Create(Func<DemoOptions, CancellationToken, Task<int>> run)
    {
        var line = new DemoCommand();
        line._folder.Validators.Add(RefuseOption);
        CommandOptions.RequireBetween(line._silos, 1, DemoOptions.MaxSilos);
        CommandOptions.RequireBetween(line._repeat, 1, DemoOptions.MaxRepeat);
        var command = new Command(
            "demo",
            "Starts a cluster, has it compute the manifest of a folder, kills silos half-way, and checks that nothing was lost and the result is right.")
        {
            line._folder, line._silos, line._kill, line._at, line._signal, line._store, line._connection, line._repeat, line._data, line._keep, line._json,
        };
        command.Validators.Add(line.Validate);
        command.SetAction((parsed, cancellationToken) => run(line.Read(parsed), cancellationToken));
        return command;
    }

    /// <exception cref="UsageException">No folder is named, and there is no default.</exception>
    private DemoOptions Read(ParseResult parsed) => new()
    {
        Folder = Path.GetFullPath(parsed.GetValue(_folder) ?? DefaultFolder.Find()),
        Silos = parsed.GetValue(_silos),
        Kill = parsed.GetValue(_kill),
        At = parsed.GetValue(_at),
        Signal = parsed.GetValue(_signal),
        Store = parsed.GetValue(_store),
        Connection = parsed.GetValue(_connection),
        Repeat = parsed.GetValue(_repeat),
        Keep = parsed.GetValue(_keep),
        Data = parsed.GetValue(_data) is { } data ? Path.GetFullPath(data) : null,
        Json = parsed.GetValue(_json),
    };

    private void Validate(CommandResult result)
    {
        var (store, connection) = (CommandOptions.StoreOf(result, _store) ?? StoreKind.Sqlite, result.GetValue(_connection));
        if (store == StoreKind.Postgres && string.IsNullOrWhiteSpace(connection))
        {
            result.AddError("--store postgres needs --connection, for instance --connection \"Host=localhost;Database=test;Username=me\".");
        }

        if (store == StoreKind.Sqlite && connection is not null)
        {
            result.AddError("--connection is for --store postgres; leave it out, or add --store postgres.");
        }

        if (result.GetValue(_data) is { } data && File.Exists(data))
        {
            result.AddError($"--data {data} is a file; name a folder.");
        }
    }

    /// <summary>An option that there is not would otherwise be taken for a folder.</summary>
    private static void RefuseOption(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: ['-', ..] option }])
        {
            result.AddError($"There is no option {option}. A folder of that name is written ./{option}");
        }
    }

    private static KillMoment ParseMoment(ArgumentResult result)
    {
        if (!KillMoment.TryParse(result.Tokens[0].Value, out var moment))
        {
            result.AddError($"--at is '{result.Tokens[0].Value}'; write a part of the tasks between 0% and 100%, or a time in seconds, for instance 50% or 3s.");
        }

        return moment;
    }
}
