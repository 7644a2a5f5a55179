using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite;
using FaultTolerance.Storage.Sqlite.Locks;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Clusters;

/// <summary>A store in SQLite databases in a folder.</summary>
internal sealed class SqliteClusterStore(string folder) : ClusterStore
{
    public override string Title => "SQLite";

    public override IReadOnlyDictionary<string, string> SiloSettings { get; } = new Dictionary<string, string> { ["Store"] = $"sqlite:{folder}" };

    public override void Configure(IClientBuilder client) => client.UseFaultToleranceSqlite(options => options.Folder = folder);

    public override IOutcomeAudit AuditNamed(string name) => new SqliteOutcomeAudit(folder, name);

    public override string PlaceFrom(string from) => $"SQLite, {Path.GetRelativePath(from, folder)}";

    public override string Remains(string folder) => folder;

    public override Task DeleteAsync()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Task.CompletedTask;
    }

    public override bool IsHeldBy(int processId) => FolderLocks.IsHeldBy(folder, processId);

    public override IStorageEngine CreateEngine() => SqliteStore.CreateEngine(new SqliteStoreOptions { Folder = folder });
}
