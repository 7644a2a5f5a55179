using FaultTolerance.Bench.Clusters;
using FaultTolerance.Testing;

namespace FaultTolerance.Bench;

/// <summary>What rows share: a private PostgreSQL server, a folder, and the clusters. Each is made when the first row wants it.</summary>
internal sealed class BenchLab(int silos) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly Dictionary<string, TaskCluster> _clusters = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ft-bench-");
    private PostgresServer? _server;

    /// <summary>Gets how many silos a cluster has.</summary>
    public int Silos => silos;

    /// <summary>Returns the server.</summary>
    /// <exception cref="BenchException">PostgreSQL is not installed; the message says what to do.</exception>
    public async Task<PostgresServer> ServerAsync()
    {
        try
        {
            return _server ??= Own(await PostgresServer.StartNewAsync());
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
        if (!_clusters.TryGetValue(name, out var cluster))
        {
            cluster = Own(await TaskCluster.StartAsync(await PlaceAsync(kind, name), silos, Folder($"{name}_logs"), cancellationToken));
            _clusters.Add(name, cluster);
        }

        return cluster;
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
