using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Sqlite.Engine;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>A store as version 0 left it, kept in the repository: it must open for ever.</summary>
public sealed class MigrationTests : IAsyncDisposable
{
    private static readonly TaskId Succeeded = TaskId.Parse("01900000000070008000000000000001");
    private static readonly TaskId Waiting = TaskId.Parse("01900000000070008000000000000002");

    private readonly DataFolder _folder = new();

    public MigrationTests() => File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "version-0.db"), _folder.Store);

    [Fact]
    public async Task Version_0_keeps_its_tasks_their_edges_and_payloads()
    {
        var engine = await _folder.OpenAsync();

        var rows = await engine.ListAsync(new TaskQuery { Limit = 10 }, default);
        Assert.Equal([TaskPhase.Succeeded, TaskPhase.Waiting, TaskPhase.Queued, TaskPhase.Running], rows.Select(row => row.Phase));
        Assert.Equal(new TaskRow
        {
            Id = Succeeded,
            Phase = TaskPhase.Succeeded,
            Attempt = 2,
            Token = 11,
            Due = StoreTime.FromMicroseconds(1_750_000_000_000_000),
            Created = StoreTime.FromMicroseconds(1_750_000_000_000_001),
            Claimed = StoreTime.FromMicroseconds(1_750_000_000_000_002),
            Deadline = StoreTime.FromMicroseconds(1_750_000_900_000_000),
            Finished = StoreTime.FromMicroseconds(1_750_000_000_000_003),
            Handler = "files.digest@1",
            Spec = rows[0].Spec,
            Life = rows[0].Life,
            Result = rows[0].Result,
        }, rows[0]);
        Assert.Equal([0, 1, 2, 3], rows[0].Spec);
        Assert.Equal([0, 7], rows[0].Result!);
        Assert.Equal([0xAA, 0xBB, 0xCC], (await engine.ReadPartsAsync(Succeeded, 11, default))!);
        Assert.Equal([Succeeded], (await engine.ReadEdgesAsync(Waiting, default)).Upstream);
        Assert.Equal([Waiting], (await engine.ReadEdgesAsync(Succeeded, default)).Children);
    }

    [Fact]
    public async Task Version_0_goes_on_where_it_stopped()
    {
        var engine = await _folder.OpenAsync();

        Assert.Equal([Waiting], await engine.ResolveEdgesAsync([Succeeded], default));
        Assert.Equal([Waiting], await engine.WakeAsync([Waiting], 99, default));
        Assert.True(await engine.MarkRecoveredAsync(new NodeIncarnation(42), default));
        Assert.NotNull(Assert.Single(await engine.ListNodesAsync(10, default)).Recovered);
        Assert.Equal(NodePhase.Dead, Assert.Single(await engine.ListNodesAsync(10, default)).Phase);
        Assert.Equal([2], (await engine.ReadEventAsync("node/2a", default))!.Body);
        Assert.Equal([3], (await engine.ReadStateAsync("node/alpha", default))!.State!);
        var second = new TaskInsert(new TaskRow { Id = TaskId.New(), Handler = "files.digest@1", Spec = [0] }) { IdempotencyKey = "monthly report" };
        Assert.Equal(Succeeded, (await engine.CommitTasksAsync([second], default))[0].KeyHolder);
    }

    [Fact]
    public async Task Version_0_becomes_just_what_a_new_store_is()
    {
        await using var fresh = new DataFolder();
        await (await fresh.OpenAsync()).DisposeAsync();

        await (await _folder.OpenAsync()).DisposeAsync();

        Assert.Equal(Describe(fresh.Store), Describe(_folder.Store));
    }

    [Fact]
    public async Task Engines_that_open_version_0_together_upgrade_it_once()
    {
        var engines = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _folder.OpenAsync()));

        foreach (var engine in engines)
        {
            Assert.Equal(4, (await engine.ListAsync(new TaskQuery { Limit = 10 }, default)).Count);
        }
    }

    [Fact]
    public async Task An_upgrade_that_fails_changes_nothing()
    {
        var broken = StoreSchema.Current with { Upgrades = new Dictionary<int, string> { [0] = StoreSchema.Current.Upgrades[0] + "; SELECT nonsense" } };
        var before = Describe(_folder.Store);

        using (var connection = Connection.OpenWriter(_folder.Store, 1_024))
        {
            Assert.ThrowsAny<Exception>(() => broken.Apply(connection));
        }

        Assert.Equal(before, Describe(_folder.Store));
        await _folder.OpenAsync();
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    /// <summary>The columns of all tables in their order, the indexes, and the version.</summary>
    private static List<string> Describe(string path)
    {
        using var connection = Connection.OpenReader(path);
        return
        [
            .. connection.Prepare(
                """
                SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk
                FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table' ORDER BY t.name, c.cid
                """).ReadAll(row => row.Text(0)),
            .. connection.Prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name").ReadAll(row => row.Text(0)),
            $"version {connection.ReadLong("PRAGMA user_version")}",
        ];
    }
}
