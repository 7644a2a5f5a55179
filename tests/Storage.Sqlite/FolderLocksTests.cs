using FaultTolerance.Storage.Conformance.Processes;
using FaultTolerance.Storage.Sqlite.Locks;

namespace FaultTolerance.Storage.Sqlite.Tests;

public sealed class FolderLocksTests : IAsyncDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("stop")]
    [InlineData("stop-unsigned")]
    [InlineData("stop-recovering")]
    public async Task A_process_that_is_stopped_with_any_lock_for_which_it_would_be_ended_holds_one(string how)
    {
        await _folder.OpenAsync();
        await using var frozen = WriterProcess.Start(how, "sqlite", _folder.Path);

        await frozen.UntilAsync("inside");

        Assert.True(FolderLocks.IsHeldBy(_folder.Path, frozen.Id));
        Assert.False(FolderLocks.IsHeldBy(_folder.Path, Environment.ProcessId));
    }

    [Fact]
    public async Task A_process_holds_a_lock_only_until_it_gives_it_back()
    {
        await _folder.OpenAsync();
        using var @lock = new FileLock(_folder.StoreLock);
        Assert.False(FolderLocks.IsHeldBy(_folder.Path, Environment.ProcessId));

        @lock.TryAcquire();
        Assert.True(FolderLocks.IsHeldBy(_folder.Path, Environment.ProcessId));

        @lock.Release();
        Assert.False(FolderLocks.IsHeldBy(_folder.Path, Environment.ProcessId));
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();
}
