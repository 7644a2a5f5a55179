using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Chaos;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Cli.Chaos;

/// <summary>What a cluster of a run's own stands on: networks for its silos where there can be any, and a database server of its own.</summary>
internal sealed class ChaosGrounds : IAsyncDisposable
{
    private string? _noNetwork;
    private string? _noServer;

    private ChaosGrounds(ChaosOptions options) => IsSqlite = options.Store == StoreKind.Sqlite;

    public bool IsSqlite { get; }

    public SiloNetwork? Network { get; private set; }

    public PostgresServer? Server { get; private set; }

    public IReadOnlyDictionary<string, string> ServerSettings { get; private set; } = new Dictionary<string, string>();

    public ClusterStore Store { get; private set; } = null!;

    /// <summary>Prepares the grounds.</summary>
    /// <exception cref="UsageException">A database server is needed and cannot be started.</exception>
    public static async Task<ChaosGrounds> PrepareAsync(ChaosOptions options, string folder)
    {
        var grounds = new ChaosGrounds(options);
        try
        {
            await grounds.StartNetworkAsync(options);
            await grounds.StartStoreAsync(options, folder);
            return grounds;
        }
        catch
        {
            await grounds.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns what they offer to faults.</summary>
    public ChaosConditions Conditions(int silos) => new()
    {
        Silos = silos,
        NoNetwork = _noNetwork,
        NoServer = _noServer,
        NoStoreNetwork = IsSqlite ? "SQLite is a file, which is reached whatever the network does." : null,
    };

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        if (Network is not null)
        {
            await Network.DisposeAsync();
        }
    }

    private async Task StartNetworkAsync(ChaosOptions options)
    {
        if (options.Connection is not null)
        {
            _noNetwork = "The database server of --connection is not on a network of the run's own.";
            return;
        }

        if (options.Kinds.Count > 0 && options.Kinds.All(kind => kind < ChaosKind.NetworkCut))
        {
            _noNetwork = "The network was not asked for.";
            return;
        }

        try
        {
            Network = await SiloNetwork.StartAsync(options.Silos);
        }
        catch (NetworkUnavailableException exception)
        {
            _noNetwork = exception.Message;
        }
    }

    private async Task StartStoreAsync(ChaosOptions options, string folder)
    {
        if (IsSqlite)
        {
            _noServer = "SQLite has no server.";
            Store = new SqliteClusterStore(Path.Join(folder, "data"));
            return;
        }

        if (options.Connection is not null)
        {
            _noServer = "The database server of --connection is not the run's own.";
            Store = new PostgresClusterStore(options.Connection, PostgresClusterStore.SchemaOf(folder), options.Silos);
            return;
        }

        var host = Network?.HostAddress.ToString() ?? "127.0.0.1";
        ServerSettings = Network is null ? new() : new Dictionary<string, string> { ["listen_addresses"] = $"127.0.0.1,{host}" };
        try
        {
            Server = await PostgresServer.StartNewAsync(ServerSettings);
        }
        catch (InvalidOperationException exception)
        {
            throw new UsageException($"{exception.Message} Or name a database with --connection.", exception);
        }

        if (Network is not null)
        {
            Network.StorePort = Server.Port;
        }

        Store = new PostgresClusterStore(Server.ConnectionString(host: host), "chaos", options.Silos);
    }
}
