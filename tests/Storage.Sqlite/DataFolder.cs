using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Engine;
using Microsoft.Extensions.Options;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>A data folder of a test's own, deleted at its end, and the engines opened on it.</summary>
internal sealed class DataFolder : IAsyncDisposable
{
    private readonly List<SqliteEngine> _engines = [];
    private readonly bool _isOwn;

    public DataFolder(string? path = null)
    {
        _isOwn = path is null;
        Path = path ?? Directory.CreateTempSubdirectory("ft-sqlite-").FullName;
    }

    public string Path { get; }

    /// <summary>Gets what all engines on the folder have logged.</summary>
    public RecordedLog<SqliteEngine> Log { get; } = new();

    public string Store => System.IO.Path.Combine(Path, "store.db");

    public string StoreLock => System.IO.Path.Combine(Path, "store.lock");

    /// <summary>Makes an engine that the test, or the end of it, disposes of.</summary>
    public SqliteEngine CreateEngine(Action<SqliteStoreOptions>? configure = null, HoldUpLimit? limit = null)
    {
        var options = new SqliteStoreOptions { Folder = Path, ReadThreads = 2 };
        configure?.Invoke(options);
        var engine = new SqliteEngine(Options.Create(options), TimeProvider.System, Log, limit);
        _engines.Add(engine);
        return engine;
    }

    /// <summary>Makes an engine and opens its database.</summary>
    public async Task<SqliteEngine> OpenAsync(Action<SqliteStoreOptions>? configure = null, HoldUpLimit? limit = null)
    {
        var engine = CreateEngine(configure, limit);
        await engine.InitializeAsync(CancellationToken.None);
        return engine;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
        {
            await engine.DisposeAsync();
        }

        if (_isOwn)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
