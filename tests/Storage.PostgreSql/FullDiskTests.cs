using FaultTolerance.Storage.Conformance.Disks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;
using FaultTolerance.Testing;

namespace FaultTolerance.Storage.PostgreSql.Tests;

/// <summary>A server whose disk is really full.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly SmallDisk _disk = new(256);
    private readonly Random _random = new(42);
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync(parent: _disk.Path);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _disk.Dispose();
    }

    [Fact]
    public async Task On_a_full_disk_writes_are_refused_in_time_nothing_is_lost_and_with_room_again_they_go_on()
    {
        await using var store = await OpenAsync();
        var acknowledged = new List<TaskId>();
        await WriteAsync(store, acknowledged, batches: 10);
        await FillAsync();

        StoreException refused;
        do
        {
            // A server that panics for its log first says other things while it comes up again.
            refused = await Assert.ThrowsAsync<StoreException>(() => WriteAsync(store, acknowledged, batches: 1_000));
            Assert.Equal((StoreFault.Unreachable, true), (refused.Fault, refused.IsRetryable));
            Assert.Contains("within 00:00:02", refused.Message);
        }
        while (!refused.Message.Contains("53100", StringComparison.Ordinal));
        Assert.Contains("Free space on the server's disk", refused.Message);
        await AssertAllThereAsync(store, acknowledged);
        _disk.Free();
        await WriteAsync(store, acknowledged, batches: 10);
        await AssertAllThereAsync(store, acknowledged);
    }

    private Task<IDurableStore> OpenAsync() => DurableStoreFactory.OpenAsync(
        PostgresStore.CreateEngine(new PostgresStoreOptions { ConnectionString = _server.ConnectionString() }),
        new StoreOptions { WriteTimeout = TimeSpan.FromSeconds(2) });

    // The server's log goes on in a file of 16 MiB that is there already, so that it is the tables which find no room.
    private async Task FillAsync()
    {
        await using (var source = Npgsql.NpgsqlDataSource.Create(_server.ConnectionString()))
        {
            await using var command = source.CreateCommand("select pg_switch_wal(); checkpoint; create table after_the_switch ()");
            await command.ExecuteNonQueryAsync();
        }

        _disk.Fill(leave: 1 << 20);
    }

    private async Task WriteAsync(IDurableStore store, List<TaskId> acknowledged, int batches)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            TaskInsert[] inserts = [.. Enumerable.Range(0, 20).Select(_ => Insert(store))];
            Assert.All(await store.WriteTasksAsync(inserts), result => Assert.True(result.IsApplied));
            acknowledged.AddRange(inserts.Select(insert => insert.Id));
        }
    }

    private TaskInsert Insert(IDurableStore store)
    {
        var spec = new byte[1_000];
        _random.NextBytes(spec); // or the server would make them smaller
        return new TaskInsert(new TaskRow { Id = TaskId.New(), Phase = TaskPhase.Queued, Token = store.NewToken(), Handler = "test.run@1", Spec = spec });
    }

    private static async Task AssertAllThereAsync(IDurableStore store, List<TaskId> ids)
    {
        foreach (var some in ids.Chunk(StoreLimits.Read))
        {
            Assert.Equal(some.Length, (await store.ReadAsync(some, CancellationToken.None)).Count);
        }
    }
}
