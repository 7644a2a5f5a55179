using FaultTolerance.Storage.Conformance;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class SqliteCrashTests : CrashConformance
{
    private readonly DataFolder _folder = new();

    protected override string EngineName => "sqlite";

    protected override string Location => _folder.Path;

    protected override string EmptyLocation() => Path.Combine(_folder.Path, "made", "together");

    protected override Task<IStorageEngine> OpenAsync() => Task.FromResult<IStorageEngine>(_folder.CreateEngine());

    public override async ValueTask DisposeAsync()
    {
        using (var connection = Databases.Connection.OpenReader(_folder.Store))
        {
            Assert.Equal("ok", connection.ReadText("PRAGMA integrity_check"));
        }

        await base.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
