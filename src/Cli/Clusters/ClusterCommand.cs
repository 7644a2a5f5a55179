using System.CommandLine;
using System.CommandLine.Parsing;

namespace FaultTolerance.Cli.Clusters;

/// <summary>The command line of <c>ft cluster</c>.</summary>
internal sealed class ClusterCommand
{
    private const int MaxTimeout = 600;

    private readonly Option<string> _folder = new("--folder")
    {
        HelpName = "folder",
        Description = "The cluster's folder, for its settings, data and logs. One cluster at a time runs in a folder.",
        DefaultValueFactory = _ => ClusterFolder.Default,
    };

    private readonly Option<int?> _silos = new("--silos") { HelpName = "N", Description = "How many silo processes. 3 in a new folder; otherwise as before." };

    private readonly Option<StoreKind?> _store = new("--store")
    {
        Description = "Where the cluster keeps its data: sqlite (in the folder) or postgres (needs --connection). sqlite in a new folder; otherwise as before.",
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        HelpName = "text",
        Description = $"The PostgreSQL database, for instance \"Host=localhost;Database=test;Username=me\". The environment variable {SupervisorLaunch.ConnectionVariable} when omitted. Kept in the folder, where only you can read it.",
    };

    private readonly Option<string?> _schema = new("--schema") { HelpName = "name", Description = "The PostgreSQL schema. One of the folder's own when omitted." };

    private readonly Option<string?> _handlers = new("--handlers") { HelpName = "folder", Description = "The folder of handler assemblies. The samples' when omitted." };

    private readonly Option<bool> _newPorts = new("--new-ports") { Description = "Take other ports than before." };

    private readonly Option<bool> _foreground = new("--foreground") { Description = "Stay, and stop the cluster on Ctrl-C." };

    private readonly Option<int> _timeout = new("--timeout") { HelpName = "seconds", Description = "How long to wait for the cluster's answer.", DefaultValueFactory = _ => 5 };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object on standard output, and all else on standard error." };

    /// <summary>Makes the command.</summary>
    public static Command Create(IClusterProgram program)
    {
        var line = new ClusterCommand();
        CommandOptions.RequireChoice<StoreKind>(line._store);
        CommandOptions.RequireBetween(line._silos, 1, ClusterStartOptions.MaxSilos);
        CommandOptions.RequireBetween(line._timeout, 1, MaxTimeout);
        line._handlers.Validators.Add(RequireFolder);
        return new Command("cluster", "Runs a cluster of silo processes on this machine.")
        {
            line.Start(program),
            line.Stop(program),
            line.Status(program),
            line.Supervise(program),
        };
    }

    private Command Start(IClusterProgram program)
    {
        var command = new Command("start", "Starts the silos and returns when all have joined. A supervisor stays, and starts again those that die.")
        {
            _folder, _silos, _store, _connection, _schema, _handlers, _newPorts, _foreground, _json,
        };
        command.Validators.Add(Validate);
        command.SetAction((parsed, cancellationToken) => program.StartAsync(Read(parsed), cancellationToken));
        return command;
    }

    private Command Stop(IClusterProgram program)
    {
        var command = new Command("stop", "Lets the silos leave in order. Does nothing where none runs.") { _folder, _json };
        command.SetAction((parsed, cancellationToken) => program.StopAsync(FolderOf(parsed), parsed.GetValue(_json), cancellationToken));
        return command;
    }

    private Command Status(IClusterProgram program)
    {
        var command = new Command("status", "Shows each silo: process, ports, phase, uptime, restarts, attempts.") { _folder, _timeout, _json };
        command.SetAction((parsed, cancellationToken) =>
            program.ShowAsync(FolderOf(parsed), TimeSpan.FromSeconds(parsed.GetValue(_timeout)), parsed.GetValue(_json), cancellationToken));
        return command;
    }

    private Command Supervise(IClusterProgram program)
    {
        var command = new Command("supervise", "What start leaves behind.") { _folder, _silos, _store, _schema, _handlers, _newPorts };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => program.SuperviseAsync(Read(parsed), cancellationToken));
        return command;
    }

    private ClusterStartOptions Read(ParseResult parsed)
    {
        var store = parsed.GetValue(_store);
        return new ClusterStartOptions
        {
            Folder = FolderOf(parsed),
            Silos = parsed.GetValue(_silos),
            Store = store,
            Connection = parsed.GetValue(_connection) ?? (store == StoreKind.Postgres ? CommandOptions.ConnectionFromEnvironment() : null),
            Schema = parsed.GetValue(_schema),
            Handlers = parsed.GetValue(_handlers) is { } handlers ? Path.GetFullPath(handlers) : null,
            NewPorts = parsed.GetValue(_newPorts),
            Foreground = parsed.GetValue(_foreground),
            Json = parsed.GetValue(_json),
        };
    }

    private void Validate(CommandResult result)
    {
        var store = CommandOptions.StoreOf(result, _store);
        if (store == StoreKind.Sqlite && result.GetValue(_connection) is not null)
        {
            result.AddError("--connection is for --store postgres; the data of a local cluster on SQLite lies in its folder.");
        }

        if (store == StoreKind.Sqlite && result.GetValue(_schema) is not null)
        {
            result.AddError("--schema is for --store postgres.");
        }
    }

    private string FolderOf(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(_folder)!);

    private static void RequireFolder(OptionResult result)
    {
        if (result.Tokens is [{ Value: var folder }] && !Directory.Exists(folder))
        {
            result.AddError($"--handlers names {folder}, which is no folder. Name the one that holds the handlers' assemblies.");
        }
    }
}
