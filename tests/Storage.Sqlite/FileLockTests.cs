using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Locks;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class FileLockTests : IAsyncDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public void Two_locks_of_one_process_exclude_each_other()
    {
        using var one = new FileLock(_folder.StoreLock);
        using var other = new FileLock(_folder.StoreLock);

        Assert.True(one.TryAcquire());
        Assert.False(other.TryAcquire());

        one.Release();
        Assert.True(other.TryAcquire());
    }

    [Fact]
    public async Task Whoever_waits_gets_the_lock_when_it_is_given_back()
    {
        using var one = new FileLock(_folder.StoreLock);
        using var other = new FileLock(_folder.StoreLock);
        Assert.True(one.TryAcquire());

        var waiting = Task.Factory.StartNew(other.Acquire, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(waiting.IsCompleted);
        one.Release();
        await waiting;

        Assert.False(one.TryAcquire());
    }

    [Fact]
    public void Closing_a_third_one_drops_nothing()
    {
        using var one = new FileLock(_folder.StoreLock);
        using var other = new FileLock(_folder.StoreLock);
        Assert.True(one.TryAcquire());

        new FileLock(_folder.StoreLock).Dispose();

        Assert.False(other.TryAcquire());
    }

    [Fact]
    public void The_holder_is_named_in_the_file_for_as_long_as_it_holds()
    {
        using var one = new FileLock(_folder.StoreLock);
        using var other = new FileLock(_folder.StoreLock);
        Assert.Null(other.ReadHolder());

        one.TryAcquire();
        var first = other.ReadHolder();
        one.Release();
        Assert.Null(other.ReadHolder());
        one.TryAcquire();
        var second = other.ReadHolder();

        Assert.Equal(LockHolder.Current(1) with { Thread = first!.Thread }, first);
        Assert.Equal(first with { Hold = 2 }, second);
    }

    [Fact]
    public void The_kernel_names_the_holder_and_not_those_who_wait()
    {
        using var one = new FileLock(_folder.StoreLock);
        using var other = new FileLock(_folder.StoreLock);
        Assert.Null(other.FindHolder());

        one.TryAcquire();
        Assert.Equal(LockHolder.ByKernel(Environment.ProcessId, LockHolder.Current(0).Start), other.FindHolder());

        one.Release();
        Assert.Null(other.FindHolder());
    }

    [Fact]
    public void The_kernels_table_is_read_for_one_file_and_for_exclusive_locks_that_are_held()
    {
        string[] table =
        [
            "1: POSIX  ADVISORY  WRITE 10 fe:00:4711 0 EOF",
            "2: FLOCK  ADVISORY  WRITE 11 fe:00:4712 0 EOF",
            "3: FLOCK  ADVISORY  WRITE 12 fe:00:4711 0 EOF",
            "3: -> FLOCK  ADVISORY  WRITE 13 fe:00:4711 0 EOF",
            "4: FLOCK  ADVISORY  READ  14 fe:00:4711 0 EOF",
            "5: FLOCK  ADVISORY  WRITE 0 fe:00:4711 0 EOF",
            "6: OFDLCK ADVISORY  WRITE -1 fe:00:4711 0 EOF",
            "7: POSIX  ADVISORY  WRITE 15 fe:00:4711 120 122",
            "8: POSIX  ADVISORY  READ  16 fe:00:4711 123 123",
            "9: POSIX  ADVISORY  WRITE 17 fe:00:4711 128 128",
            "nonsense",
        ];

        Assert.Equal([12], KernelLocks.Holders(table, inode: 4711, KernelLocks.WholeFile));
        Assert.Equal([10, 15], KernelLocks.Holders(table, inode: 4711, KernelLocks.SomeBytes, 122, 122));
    }

    [Fact]
    public async Task The_kernel_names_the_holder_through_a_symbolic_link_too()
    {
        await using var links = new DataFolder();
        var link = Path.Combine(links.Path, "link");
        Directory.CreateSymbolicLink(link, _folder.Path);
        using var one = new FileLock(_folder.StoreLock);
        using var other = new FileLock(Path.Combine(link, "store.lock"));

        one.TryAcquire();

        Assert.Equal(LockHolder.ByKernel(Environment.ProcessId, LockHolder.Current(0).Start), other.FindHolder());
    }

    [Fact]
    public void A_lock_file_that_was_replaced_is_known_to_be_another_one()
    {
        using var before = new FileLock(_folder.StoreLock);
        Assert.False(before.IsMoved);
        File.Delete(_folder.StoreLock);
        Assert.True(before.IsMoved);

        using var after = new FileLock(_folder.StoreLock);

        Assert.True(before.IsMoved);
        Assert.False(after.IsMoved);
    }

    [Fact]
    public void A_lock_file_that_cannot_be_opened_names_itself_and_the_remedy()
    {
        var path = Path.Combine(_folder.Path, "missing", "store.lock");

        var refused = Assert.Throws<StoreException>(() => new FileLock(path));

        Assert.Equal(StoreFault.Unusable, refused.Fault);
        Assert.Contains(path, refused.Message);
        Assert.Contains("write access", refused.Message);
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();
}
