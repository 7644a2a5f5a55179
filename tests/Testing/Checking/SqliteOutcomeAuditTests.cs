using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite;
using FaultTolerance.Testing.Checking;
using SQLitePCL;

namespace FaultTolerance.Testing.Tests.Checking;

public sealed class SqliteOutcomeAuditTests : OutcomeAuditTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("audit-");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private protected override IOutcomeAudit AuditNamed(string name) => new SqliteOutcomeAudit(_folder.FullName, name);

    private protected override Task ForgetAsync()
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(Path.Join(_folder.FullName, "store.db"), out var database));
        using (database)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, "DROP TABLE outcome_audit"));
        }

        return Task.CompletedTask;
    }

    private protected override Task<(IStorageEngine Engine, IOutcomeAudit Audit)> OpenAsync() => Task.FromResult<(IStorageEngine, IOutcomeAudit)>((
        SqliteStore.CreateEngine(new SqliteStoreOptions { Folder = _folder.FullName }),
        new SqliteOutcomeAudit(_folder.FullName)));
}
