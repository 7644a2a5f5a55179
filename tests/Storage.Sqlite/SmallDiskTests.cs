using FaultTolerance.Storage.Conformance.Disks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Sqlite.Engine;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class SmallDiskTests
{
    [Fact]
    public async Task On_a_full_disk_writes_are_refused_nothing_is_lost_and_with_room_again_they_go_on()
    {
        using var disk = new SmallDisk(8);
        await using var folder = new DataFolder(disk.Path);
        var engine = await folder.OpenAsync();
        var acknowledged = await WriteAsync(engine, batches: 10);
        disk.Fill(leave: 300_000);

        var refused = await Assert.ThrowsAsync<StoreException>(async () => acknowledged.AddRange(await WriteAsync(engine, batches: 100)));
        await AssertAllThereAsync(engine, acknowledged);
        var again = await Assert.ThrowsAsync<StoreException>(() => WriteAsync(engine, batches: 100));

        Assert.All([refused, again], failure => Assert.Equal(StoreFault.Unreachable, failure.Fault));
        Assert.All([refused, again], failure => Assert.Contains("disk is full", failure.Message));
        disk.Free();
        acknowledged.AddRange(await WriteAsync(engine, batches: 10));
        await AssertAllThereAsync(engine, acknowledged);
    }

    [Fact]
    public async Task A_log_that_cannot_be_copied_costs_no_commit()
    {
        using var disk = new SmallDisk(16);
        await using var folder = new DataFolder(disk.Path);
        var engine = await folder.OpenAsync(options => options.CheckpointMegabytes = 4);
        var acknowledged = await WriteAsync(engine, batches: 1);
        disk.Fill(leave: 7 << 20); // room for a log of 7 MiB, but not for the database of 4 MiB beside it

        var refused = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            while (true)
            {
                acknowledged.AddRange(await WriteAsync(engine, batches: 1));
            }
        });

        Assert.Equal(StoreFault.Unreachable, refused.Fault);
        Assert.Contains(folder.Log.Entries, entry => entry.Id == SqliteEventIds.CheckpointFailed);
        disk.Free();
        acknowledged.AddRange(await WriteAsync(engine, batches: 1));
        await AssertAllThereAsync(engine, acknowledged);
        await engine.DisposeAsync();
        using var connection = Connection.OpenReader(folder.Store);
        Assert.Equal("ok", connection.ReadText("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_folder_that_may_only_be_read_is_refused()
    {
        using var disk = new SmallDisk(4);
        await using var folder = new DataFolder(disk.Path);
        await (await folder.OpenAsync()).DisposeAsync();
        disk.MakeReadOnly();

        var refused = await Assert.ThrowsAsync<StoreException>(() => folder.OpenAsync());

        Assert.Equal(StoreFault.Unusable, refused.Fault);
        Assert.Contains(disk.Path, refused.Message);
        Assert.Contains("write access", refused.Message);
    }

    private static async Task<List<TaskId>> WriteAsync(SqliteEngine engine, int batches)
    {
        var ids = new List<TaskId>();
        for (var batch = 0; batch < batches; batch++)
        {
            TaskInsert[] inserts = [.. Enumerable.Range(0, 20).Select(_ => Insert()).OrderBy(insert => insert.Id)];
            Assert.All(await engine.CommitTasksAsync(inserts, default), result => Assert.True(result.IsApplied));
            ids.AddRange(inserts.Select(insert => insert.Id));
        }

        return ids;
    }

    private static async Task AssertAllThereAsync(SqliteEngine engine, List<TaskId> ids)
    {
        foreach (var some in ids.Chunk(StoreLimits.Read))
        {
            Assert.Equal(some.Length, (await engine.ReadAsync(some, default)).Count);
        }
    }

    private static TaskInsert Insert() => new(new TaskRow { Id = TaskId.New(), Phase = TaskPhase.Queued, Handler = "test.run@1", Spec = new byte[1_000] });
}
