using FaultTolerance.Storage.Conformance.Processes;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Sqlite.Clustering;
using FaultTolerance.Storage.Sqlite.Engine;
using FaultTolerance.Storage.Sqlite.Locks;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>A process that goes still with the lock held must not hold up the others.</summary>
public sealed class FrozenHolderTests : IAsyncDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("stop")]
    [InlineData("hang")]
    public async Task A_writer_that_goes_still_inside_a_write_is_ended_and_the_others_go_on(string how)
    {
        var survivor = await _folder.OpenAsync(options => options.HolderTimeout = TimeSpan.FromSeconds(0.5));
        await using var frozen = WriterProcess.Start(how, "sqlite", _folder.Path);
        await frozen.UntilAsync("inside");

        Assert.True(await WriteAsync(survivor, "of the survivor"));

        Assert.Equal(WriterProcess.KilledExitCode, await frozen.ExitCodeAsync());
        Assert.Null(await survivor.ReadStateAsync("of the frozen", CancellationToken.None));
        Assert.NotNull(await survivor.ReadStateAsync("of the survivor", CancellationToken.None));
        var ended = Assert.Single(_folder.Log.Entries, entry => entry.Id == SqliteEventIds.LockHolderEnded);
        Assert.Equal(LogLevel.Warning, ended.Level);
        Assert.Contains($"process {frozen.Id}, which was {(how == "stop" ? "Stopped" : "Hung")}", ended.Message);
    }

    [Fact]
    public async Task It_is_ended_before_the_others_lose_their_leases_whatever_the_options_say()
    {
        var survivor = await _folder.OpenAsync(limit: new HoldUpLimit(TimeSpan.FromSeconds(0.75)));
        await using var frozen = WriterProcess.Start("stop", "sqlite", _folder.Path);
        await frozen.UntilAsync("inside");

        Assert.True(await WriteAsync(survivor, "of the survivor"));

        Assert.EndsWith(
            "which was Stopped, for 0.75 s; it was ended with SIGKILL, so that the store goes on.",
            Assert.Single(_folder.Log.Entries, entry => entry.Id == SqliteEventIds.LockHolderEnded).Message);
    }

    [Theory]
    [InlineData(2, null, 2)]
    [InlineData(2, 4.0, 2)]
    [InlineData(2, 1.25, 1.25)]
    [InlineData(10, 4.0, 4)]
    [InlineData(2, 0.3, 0.5)]
    public void A_holder_is_given_the_time_of_the_options_and_never_more_than_leases_allow(double option, double? limit, double given)
    {
        var options = new SqliteStoreOptions { Folder = _folder.Path, HolderTimeout = TimeSpan.FromSeconds(option) };
        var holdUp = limit is { } seconds ? new HoldUpLimit(TimeSpan.FromSeconds(seconds)) : null;

        Assert.Equal(TimeSpan.FromSeconds(given), options.ToFile("store", StoreSchema.Current, holdUp).HolderTimeout);
        Assert.Equal(TimeSpan.FromSeconds(given), ClusterDatabase.ToFile(options, holdUp).HolderTimeout);
    }

    [Fact]
    public async Task A_writer_that_is_stopped_with_the_lock_before_it_has_signed_is_ended_too()
    {
        var survivor = await _folder.OpenAsync(options => options.HolderTimeout = TimeSpan.FromSeconds(0.5));
        await using var frozen = WriterProcess.Start("stop-unsigned", "sqlite", _folder.Path);
        await frozen.UntilAsync("inside");

        Assert.True(await WriteAsync(survivor, "of the survivor"));

        Assert.Equal(WriterProcess.KilledExitCode, await frozen.ExitCodeAsync());
        var ended = Assert.Single(_folder.Log.Entries, entry => entry.Id == SqliteEventIds.LockHolderEnded);
        Assert.Contains($"process {frozen.Id}, which was Stopped", ended.Message);
    }

    [Fact]
    public async Task A_writer_that_is_stopped_unsigned_is_found_through_a_symbolic_link()
    {
        await using var links = new DataFolder();
        Directory.CreateSymbolicLink(Path.Combine(links.Path, "link"), _folder.Path);
        await using var linked = new DataFolder(Path.Combine(links.Path, "link"));
        var survivor = await linked.OpenAsync(options => options.HolderTimeout = TimeSpan.FromSeconds(0.5));
        await using var frozen = WriterProcess.Start("stop-unsigned", "sqlite", _folder.Path);
        await frozen.UntilAsync("inside");

        Assert.True(await WriteAsync(survivor, "of the survivor"));

        Assert.Equal(WriterProcess.KilledExitCode, await frozen.ExitCodeAsync());
    }

    [Fact]
    public async Task A_reader_that_is_stopped_while_it_mends_the_log_is_ended_and_the_writer_goes_on()
    {
        var engine = await _folder.OpenAsync(options => options.HolderTimeout = TimeSpan.FromSeconds(0.5));
        await using var store = await DurableStoreFactory.OpenAsync(engine);
        Assert.True(await store.WriteStateAsync(new GrainStateWrite("before", null, 7, [1])));
        await using var frozen = WriterProcess.Start("stop-recovering", "sqlite", _folder.Path);
        await frozen.UntilAsync("inside");

        Assert.True(await store.WriteStateAsync(new GrainStateWrite("after", null, 7, [1])));

        Assert.Equal(WriterProcess.KilledExitCode, await frozen.ExitCodeAsync());
        Assert.NotNull(await store.ReadStateAsync("before", CancellationToken.None));
        var ended = Assert.Single(_folder.Log.Entries, entry => entry.Id == SqliteEventIds.LockHolderEnded);
        Assert.Contains($"store.db-shm was held by process {frozen.Id}, which was Stopped", ended.Message);
    }

    [Fact]
    public async Task Whoever_waits_for_a_holder_that_cannot_be_seen_is_told_why_and_what_to_do()
    {
        await _folder.OpenAsync();
        using var held = new FileLock(_folder.StoreLock);
        Assert.True(held.TryAcquire());

        await using var apart = WriterProcess.StartApart("insert", "sqlite", _folder.Path, 1);

        var errors = await apart.ErrorsAsync();
        Assert.Contains($"Lock {_folder.StoreLock} is held by a process that cannot be seen from here", errors);
        Assert.Contains("in one process namespace", errors);
        Assert.NotEqual(0, await apart.ExitCodeAsync());
    }

    [Fact]
    public async Task Several_survivors_end_the_stopped_one_and_all_go_on()
    {
        SqliteEngine[] survivors =
        [
            await _folder.OpenAsync(options => options.HolderTimeout = TimeSpan.FromSeconds(0.5)),
            await _folder.OpenAsync(options => options.HolderTimeout = TimeSpan.FromSeconds(0.5)),
            await _folder.OpenAsync(options => options.HolderTimeout = TimeSpan.FromSeconds(0.5)),
        ];
        await using var frozen = WriterProcess.Start("stop", "sqlite", _folder.Path);
        await frozen.UntilAsync("inside");

        var written = await Task.WhenAll(survivors.Select((survivor, number) => WriteAsync(survivor, $"survivor {number}")));

        Assert.All(written, Assert.True);
        Assert.Equal(WriterProcess.KilledExitCode, await frozen.ExitCodeAsync());
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private static async Task<bool> WriteAsync(SqliteEngine engine, string key) =>
        (await engine.CommitStatesAsync([new GrainStateWrite(key, null, 7, [1])], CancellationToken.None))[0];
}
