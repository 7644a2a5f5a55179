using System.Runtime.InteropServices;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Nodes;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Sqlite.Engine;
using FaultTolerance.Storage.Sqlite.Locks;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>The one thread that writes: what goes first, what shares a transaction, and what a failure costs whom.</summary>
public sealed partial class WriterThreadTests : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private readonly List<string> _order = [];
    private SharedDatabase _database = null!;
    private FileLock _lock = null!;

    public async ValueTask InitializeAsync()
    {
        var file = new SqliteStoreOptions { Folder = _folder.Path }.ToFile("store", StoreSchema.Current);
        _database = new SharedDatabase(file, readThreads: 1, TimeProvider.System, NullLogger.Instance);
        await _database.OpenAsync(default);
        _lock = new FileLock(_folder.StoreLock);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _lock.Dispose();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task What_is_urgent_goes_past_all_that_waits()
    {
        Assert.True(_lock.TryAcquire());
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(number => WriteAsync($"batch {number}"))];
        var urgent = WriteAsync("urgent", isUrgent: true);

        _lock.Release();
        await Task.WhenAll([.. waiting, urgent]);

        // The thread may have had one batch in its hands before any other work came.
        Assert.InRange(_order.IndexOf("urgent"), 0, 1);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"batch {number}"), _order.Where(name => name != "urgent"));
    }

    [Fact]
    public async Task A_lease_is_renewed_past_all_batches_that_wait()
    {
        var engine = await _folder.OpenAsync();
        var life = new NodeIncarnation(1);
        await engine.RegisterNodeAsync(new NodeRow { Incarnation = life, Name = "alpha" }, TimeSpan.FromSeconds(1), default);
        Assert.True(_lock.TryAcquire());
        Task[] waiting = [.. Enumerable.Range(0, 50).Select(number => engine.AddEventAsync(new() { Key = $"{number}", Kind = "test", Token = 1 }, default))];
        var renewed = engine.RenewLeaseAsync(new LeaseRenewal { Incarnation = life, Sequence = 1, Phase = NodePhase.Alive, Info = [], Lease = TimeSpan.FromHours(1) }, default);

        _lock.Release();
        await Task.WhenAll(waiting);

        // By the store's own times. The thread may have had one of the others in its hands before any came.
        Assert.True(await renewed);
        var renewedAt = Assert.Single(await engine.ListNodesAsync(1, default)).LeaseEnds - TimeSpan.FromHours(1);
        Assert.InRange((await engine.ListEventsAsync(null, 100, default)).Count(row => row.At < renewedAt), 0, 1);
    }

    [Fact]
    public async Task A_row_that_cannot_be_stored_hurts_its_own_caller_only()
    {
        Assert.True(_lock.TryAcquire());
        Task[] good = [.. Enumerable.Range(0, 5).Select(number => WriteAsync($"before {number}"))];
        var bad = _database.WriteAsync(
            connection =>
            {
                connection.Execute("INSERT INTO states (key, token) VALUES ('half of the bad one', 1)");
                connection.Execute("INSERT INTO states (key, token) VALUES (NULL, 1)");
                return 0;
            },
            default);
        good = [.. good, .. Enumerable.Range(0, 5).Select(number => WriteAsync($"after {number}"))];

        _lock.Release();
        await Task.WhenAll(good);
        var refused = await Assert.ThrowsAsync<StoreException>(() => bad);

        Assert.Equal(StoreFault.Data, refused.Fault);
        Assert.Equal(10, await CountAsync());
    }

    [Fact]
    public async Task A_defect_in_the_work_is_its_callers_and_rolls_its_work_back()
    {
        var defect = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _database.WriteAsync<int>(
            connection =>
            {
                connection.Execute("INSERT INTO states (key, token) VALUES ('half', 1)");
                throw new InvalidTimeZoneException("a defect");
            },
            default));

        Assert.Equal("a defect", defect.Message);
        Assert.Equal(0, await CountAsync());
        await WriteAsync("the next");
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Work_that_its_caller_gave_up_before_it_began_is_not_done()
    {
        using var gaveUp = new CancellationTokenSource();
        Assert.True(_lock.TryAcquire());
        var first = WriteAsync("first");
        var abandoned = _database.WriteAsync(connection => Insert(connection, "abandoned"), gaveUp.Token);
        var last = WriteAsync("last");

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        _lock.Release();
        await Task.WhenAll(first, last);

        Assert.Equal(["first", "last"], _order);
    }

    [Fact]
    public async Task A_commit_that_fails_says_that_its_outcome_is_unknown()
    {
        // A constraint that is looked at last of all makes the COMMIT itself fail.
        var failed = await Assert.ThrowsAsync<StoreException>(() => _database.WriteAsync(
            connection =>
            {
                Insert(connection, "perhaps");
                connection.Execute("CREATE TABLE parents (id INTEGER PRIMARY KEY)");
                connection.Execute("CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED)");
                connection.Execute("INSERT INTO children VALUES (1)");
                return 0;
            },
            default));

        Assert.True(failed.IsOutcomeUnknown);
        await WriteAsync("the next");
    }

    [Fact]
    public async Task What_was_committed_is_answered_when_the_lock_cannot_be_given_back_and_nothing_more_is_begun()
    {
        await using var folder = new DataFolder();
        var file = new SqliteStoreOptions { Folder = folder.Path }.ToFile("store", StoreSchema.Current);
        await using var database = new SharedDatabase(file, readThreads: 1, TimeProvider.System, folder.Log);
        await database.OpenAsync(default);

        await database.WriteAsync(
            connection =>
            {
                BreakLock(folder.StoreLock);
                return Insert(connection, "committed");
            },
            default);
        var refused = await Assert.ThrowsAsync<StoreException>(() => database.WriteAsync(connection => Insert(connection, "later"), default));

        Assert.Equal((StoreFault.Unusable, false), (refused.Fault, refused.IsOutcomeUnknown));
        Assert.Contains("end this process", refused.Message);
        Assert.Equal(1, await database.ReadAsync(connection => connection.ReadLong("SELECT count(*) FROM states"), default));
        Assert.Contains(folder.Log.Entries, entry => entry.Id == SqliteEventIds.LockNotReleased);
    }

    [Fact]
    public async Task A_queue_that_is_closed_while_its_thread_looks_for_more_still_ends()
    {
        using var queue = new JobQueue<string>("queue");
        queue.Close(threads: 1);

        Assert.False(queue.TryTake(out _));
        Assert.False(await Task.Run(() => queue.Take(out _)));
    }

    [Fact]
    public async Task The_log_is_copied_when_it_has_grown_and_starts_anew()
    {
        await using var folder = new DataFolder();
        var engine = await folder.OpenAsync(options => options.CheckpointMegabytes = 1);

        for (var number = 0; number < 60; number++)
        {
            await engine.CommitStatesAsync([new($"{number}", null, 1, new byte[200_000])], default);
        }

        Assert.InRange(new FileInfo(folder.Store).Length, 10_000_000, long.MaxValue);
        Assert.InRange(new FileInfo(folder.Store + "-wal").Length, 0, 5_000_000);
    }

    [Fact]
    public async Task A_log_that_a_reader_keeps_from_starting_anew_delays_no_more_than_a_few_writes()
    {
        await using var folder = new DataFolder();
        var engine = await folder.OpenAsync(options => options.CheckpointMegabytes = 1);
        await engine.CommitStatesAsync([new("first", null, 1, [1])], default);
        using var reader = Connection.OpenReader(folder.Store);
        reader.Execute("BEGIN");
        Assert.Equal(1, reader.ReadLong("SELECT count(*) FROM states"));

        for (var number = 0; number < 60; number++)
        {
            await engine.CommitStatesAsync([new($"{number}", null, 1, new byte[200_000])], default);
        }

        Assert.Equal(1, reader.ReadLong("SELECT count(*) FROM states"));
        Assert.InRange(new FileInfo(folder.Store + "-wal").Length, 10_000_000, long.MaxValue);
        reader.Rollback();
        for (var number = 60; number < 90; number++)
        {
            await engine.CommitStatesAsync([new($"{number}", null, 1, new byte[200_000])], default);
        }

        Assert.InRange(new FileInfo(folder.Store + "-wal").Length, 0, 5_000_000);
    }

    // Lays a descriptor that refuses to be locked, an O_PATH one, in the place of the lock's own: no other file can come to have its number.
    private static void BreakLock(string path)
    {
        var broken = NativeMethods.Open(path, 0x200000, 0);
        var descriptor = Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Where(link => new FileInfo(link).LinkTarget == path)
            .Select(link => int.Parse(Path.GetFileName(link)))
            .Single(number => number != broken);
        Assert.Equal(descriptor, Duplicate(broken, descriptor));
        NativeMethods.Close(broken);
    }

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);

    private Task<int> WriteAsync(string name, bool isUrgent = false) =>
        _database.WriteAsync(connection => Insert(connection, name), default, isUrgent);

    private int Insert(Connection connection, string name)
    {
        _order.Add(name);
        return connection.Prepare("INSERT INTO states (key, token) VALUES (?1, 1)").BindText(StoreText.Encode(name, "name")).Run();
    }

    private Task<long> CountAsync() => _database.ReadAsync(connection => connection.ReadLong("SELECT count(*) FROM states"), default);
}
