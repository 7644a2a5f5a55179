using FaultTolerance.Bench.Clusters;
using FaultTolerance.Bench.Reference;
using FaultTolerance.Storage;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Testing;
using Npgsql;

namespace FaultTolerance.Bench;

/// <summary>What rows share: a private PostgreSQL server, a folder, and the clusters. Each is made when the first row wants it.</summary>
internal sealed class BenchLab(int silos) : IAsyncDisposable
{
    /// <summary>Enough for every row beside all others: Hangfire alone opens one for each worker and each caller.</summary>
    private const string MaxConnections = "300";

    private const int ConnectionsForEachSilo = 16;

    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly Dictionary<StoreKind, TaskCluster> _clusters = [];
    private readonly Dictionary<(StoreKind, string), IDurableStore> _stores = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ft-bench-");
    private PostgresServer? _server;
    private ReferenceCluster? _reference;

    /// <summary>Gets how many silos a cluster has.</summary>
    public int Silos => silos;

    /// <summary>Returns the server.</summary>
    /// <exception cref="BenchException">PostgreSQL is not installed; the message says what to do.</exception>
    public async Task<PostgresServer> ServerAsync()
    {
        try
        {
            return _server ??= Own(await PostgresServer.StartNewAsync(new Dictionary<string, string> { ["max_connections"] = MaxConnections }));
        }
        catch (InvalidOperationException exception)
        {
            throw new BenchException(exception.Message, exception);
        }
    }

    /// <summary>Returns a folder of this run.</summary>
    public string Folder(string name) => Path.Join(_folder.FullName, name);

    /// <summary>Returns where a store of this run is.</summary>
    public async Task<StorePlace> PlaceAsync(StoreKind kind, string name) => kind == StoreKind.Sqlite
        ? StorePlace.Sqlite(Folder(name))
        : StorePlace.Postgres((await ServerAsync()).ConnectionString(), name, silos);

    /// <summary>Returns the cluster on a kind of store, started.</summary>
    public async Task<TaskCluster> ClusterAsync(StoreKind kind, CancellationToken cancellationToken)
    {
        var name = $"tasks_{kind.ToString().ToLowerInvariant()}";
        if (!_clusters.TryGetValue(kind, out var cluster))
        {
            cluster = Own(await TaskCluster.StartAsync(await PlaceAsync(kind, name), silos, Folder($"{name}_logs"), cancellationToken: cancellationToken));
            _clusters.Add(kind, cluster);
        }

        return cluster;
    }

    /// <summary>Returns a store without a cluster, opened, its tables made.</summary>
    public async Task<IDurableStore> StoreAsync(StoreKind kind, string name, CancellationToken cancellationToken)
    {
        if (!_stores.TryGetValue((kind, name), out var store))
        {
            var engine = (await PlaceAsync(kind, name)).CreateEngine();
            store = Own(await DurableStoreFactory.OpenAsync(engine, cancellationToken: cancellationToken));
            _stores.Add((kind, name), store);
        }

        return store;
    }

    /// <summary>Returns the cluster of plain Orleans, started.</summary>
    public async Task<ReferenceCluster> ReferenceClusterAsync(CancellationToken cancellationToken)
    {
        if (_reference is null)
        {
            var server = await ServerAsync();
            await CreateDatabaseAsync(ReferenceSilo.ClusterName);
            var connection = $"{server.ConnectionString(ReferenceSilo.ClusterName)};Maximum Pool Size={ConnectionsForEachSilo}";
            await GrainTables.CreateAsync(connection);
            _reference = Own(await ReferenceCluster.StartAsync(connection, silos, Folder("reference_logs"), cancellationToken));
        }

        return _reference;
    }

    /// <summary>Makes a database of its own for something that is not ours.</summary>
    public async Task CreateDatabaseAsync(string name)
    {
        await using var source = NpgsqlDataSource.Create((await ServerAsync()).ConnectionString());
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Returns what the stores in use say of themselves, read back from the databases.</summary>
    public async Task<IReadOnlyList<StoreDescription>> DescribeStoresAsync()
    {
        var kinds = _stores.Keys.Select(key => key.Item1).Concat(_clusters.Keys);
        kinds = _server is null ? kinds : kinds.Append(StoreKind.Postgres);
        var descriptions = new List<StoreDescription>();
        foreach (var kind in kinds.Distinct().Order().ToList())
        {
            descriptions.Add((await StoreAsync(kind, "described", CancellationToken.None)).Description);
        }

        return descriptions;
    }

    /// <summary>Ends with the lab.</summary>
    public T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    /// <summary>Ends everything, and deletes the data.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
