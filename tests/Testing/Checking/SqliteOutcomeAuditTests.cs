using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Testing.Tests.Checking;

public sealed class SqliteOutcomeAuditTests : OutcomeAuditTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("audit-");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private protected override Task<(IStorageEngine Engine, IOutcomeAudit Audit)> OpenAsync() => Task.FromResult<(IStorageEngine, IOutcomeAudit)>((
        SqliteStore.CreateEngine(new SqliteStoreOptions { Folder = _folder.FullName }),
        new SqliteOutcomeAudit(_folder.FullName)));
}
