using System.CommandLine;
using System.CommandLine.Parsing;
using FaultTolerance.Cli.Clusters;

namespace FaultTolerance.Cli.Connections;

/// <summary>The options by which every command that speaks to a cluster is told which one.</summary>
internal sealed class TargetOptions
{
    private const int MaxTimeout = 600;

    private readonly Option<string?> _folder = new("--folder") { HelpName = "folder", Description = $"The folder of a local cluster. {ClusterFolder.Default} when omitted." };

    private readonly Option<StoreKind?> _store = new("--store")
    {
        Description = "The store of a deployed cluster, in which its silos are found. Needs --connection.",
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        HelpName = "text",
        Description = $"The PostgreSQL connection string, or the SQLite data folder. The environment variable {SupervisorLaunch.ConnectionVariable} when omitted.",
    };

    private readonly Option<string?> _schema = new("--schema") { HelpName = "name", Description = "The PostgreSQL schema, where the silos use another than the host's own default." };

    private readonly Option<string> _clusterId = new("--cluster-id") { HelpName = "id", Description = "The cluster's id.", DefaultValueFactory = _ => SiloHostProgram.ClusterName };

    private readonly Option<string> _serviceId = new("--service-id") { HelpName = "id", Description = "The service's id.", DefaultValueFactory = _ => SiloHostProgram.ClusterName };

    private readonly Option<int> _timeout = new("--timeout") { HelpName = "seconds", Description = "How long to wait for the cluster.", DefaultValueFactory = _ => 15 };

    /// <summary>Gets the option by which a command is told to print JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object on standard output, and all else on standard error." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        CommandOptions.RequireChoice<StoreKind>(_store);
        CommandOptions.RequireBetween(_timeout, 1, MaxTimeout);
        foreach (var option in new Option[] { _folder, _store, _connection, _schema, _clusterId, _serviceId, _timeout, Json })
        {
            command.Add(option);
        }

        command.Validators.Add(Validate);
    }

    /// <summary>Reads them.</summary>
    public ClusterTarget Read(ParseResult parsed)
    {
        var store = parsed.GetValue(_store);
        var connection = parsed.GetValue(_connection) ?? (store is null ? null : CommandOptions.ConnectionFromEnvironment());
        return new ClusterTarget
        {
            Folder = parsed.GetValue(_folder) is { } folder ? Path.GetFullPath(folder) : null,
            Store = store,
            Connection = store == StoreKind.Sqlite ? Path.GetFullPath(connection!) : connection,
            Schema = parsed.GetValue(_schema),
            ClusterId = parsed.GetValue(_clusterId)!,
            ServiceId = parsed.GetValue(_serviceId)!,
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
        };
    }

    private void Validate(CommandResult result)
    {
        var (store, folder) = (CommandOptions.StoreOf(result, _store), result.GetValue(_folder));
        var connection = result.GetValue(_connection);
        if (store is not null && folder is not null)
        {
            result.AddError("--folder names a local cluster, --store a deployed one; leave out one of them.");
        }

        if (store is not null && string.IsNullOrWhiteSpace(connection ?? CommandOptions.ConnectionFromEnvironment()))
        {
            result.AddError(store == StoreKind.Postgres
                ? "--store postgres needs --connection, for instance --connection \"Host=localhost;Database=test;Username=me\"."
                : "--store sqlite needs --connection with the data folder of the silos.");
        }

        if (connection is not null && result.GetResult(_store) is null)
        {
            result.AddError("--connection needs --store sqlite or --store postgres.");
        }

        if (result.GetValue(_schema) is not null && store != StoreKind.Postgres)
        {
            result.AddError("--schema is for --store postgres.");
        }
    }
}
