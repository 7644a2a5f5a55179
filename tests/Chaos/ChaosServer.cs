using FaultTolerance.Chaos.Tests;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Testing;

[assembly: AssemblyFixture(typeof(ChaosServer))]

namespace FaultTolerance.Chaos.Tests;

/// <summary>One PostgreSQL server for all scenarios, each of which takes a schema of its own.</summary>
public sealed class ChaosServer : IAsyncLifetime
{
    /// <summary>As many silos as a scenario has, by which the store checks that the server has connections enough.</summary>
    private const int Silos = 3;

    private PostgresServer _server = null!;
    private int _schemas;

    public static TheoryData<string> Stores => [.. Enum.GetNames<StoreKind>()];

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Names a store that holds nothing yet.</summary>
    /// <param name="kind">The name of a <see cref="StoreKind"/>.</param>
    internal ClusterStore NewStore(string kind) => Enum.Parse<StoreKind>(kind) == StoreKind.Sqlite
        ? new SqliteClusterStore(Directory.CreateTempSubdirectory("ft-chaos-data-").FullName)
        : new PostgresClusterStore(_server.ConnectionString(), $"chaos{Interlocked.Increment(ref _schemas)}", Silos);
}
