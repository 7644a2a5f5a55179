using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Chaos.Tests;

/// <summary>A network with a place for each silo, and a PostgreSQL server on it, for all scenarios in which the network fails.</summary>
[CollectionDefinition(nameof(ChaosNetwork))]
public sealed class ChaosNetwork : IAsyncLifetime, ICollectionFixture<ChaosNetwork>
{
    private const int Silos = 3;

    private PostgresServer _server = null!;
    private int _schemas;

    public SiloNetwork Network { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Network = await SiloNetwork.StartAsync(Silos);
        _server = await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["listen_addresses"] = $"127.0.0.1,{Network.HostAddress}" });
        Network.StorePort = _server.Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (Network is not null)
        {
            await Network.DisposeAsync();
        }
    }

    /// <summary>Names a store that holds nothing yet, and that the silos reach over the network if it is a server.</summary>
    internal ClusterStore NewStore(StoreKind kind) => kind == StoreKind.Sqlite
        ? new SqliteClusterStore(Directory.CreateTempSubdirectory("ft-chaos-data-").FullName)
        : new PostgresClusterStore(
            _server.ConnectionString(host: Network.HostAddress.ToString()), $"network{Interlocked.Increment(ref _schemas)}", Silos);
}
