using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Sqlite.Engine;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>A data folder that is moved or replaced under running silos: nothing is acknowledged that only a lost file would hold.</summary>
public sealed class MovedFolderTests : IAsyncDisposable
{
    private readonly DataFolder _parent = new();
    private readonly DataFolder _folder;

    public MovedFolderTests() => _folder = new DataFolder(Path.Combine(_parent.Path, "data"));

    private string Away => Path.Combine(_parent.Path, "away");

    [Fact]
    public async Task After_the_folder_was_renamed_nothing_is_acknowledged_until_it_is_put_back()
    {
        var engine = await _folder.OpenAsync();
        Assert.True(await WriteAsync(engine, "before"));
        Directory.Move(_folder.Path, Away);

        await AssertRefusedAsync(() => WriteAsync(engine, "meanwhile"));
        await AssertRefusedAsync(() => engine.ReadStateAsync("before", default));

        Assert.False(Directory.Exists(_folder.Path));
        Directory.Move(Away, _folder.Path);
        Assert.True(await WriteAsync(engine, "after"));
        Assert.Null(await engine.ReadStateAsync("meanwhile", default));
        Assert.NotNull(await engine.ReadStateAsync("before", default));
    }

    [Fact]
    public async Task A_silo_that_starts_on_the_old_path_shares_it_with_none_that_ran_before()
    {
        var engine = await _folder.OpenAsync();
        Directory.Move(_folder.Path, Away);
        var newcomer = await _folder.OpenAsync();

        await AssertRefusedAsync(() => WriteAsync(engine, "key"));
        await AssertRefusedAsync(() => engine.ReadStateAsync("key", default));
        Assert.True(await WriteAsync(newcomer, "key"));
    }

    [Theory]
    [InlineData("store.db")]
    [InlineData("store.lock")]
    public async Task A_file_that_was_replaced_by_its_copy_is_not_taken_for_the_same(string name)
    {
        var engine = await _folder.OpenAsync();
        var path = Path.Combine(_folder.Path, name);
        File.Copy(path, Away);
        File.Move(Away, path, overwrite: true);

        await AssertRefusedAsync(() => WriteAsync(engine, "key"));
    }

    [Fact]
    public async Task The_folder_may_be_reached_by_another_path_too()
    {
        Directory.CreateSymbolicLink(Away, _folder.Path);
        await using var linked = new DataFolder(Away);
        var (engine, other) = (await _folder.OpenAsync(), await linked.OpenAsync());

        Assert.True(await WriteAsync(engine, "one"));
        Assert.True(await WriteAsync(other, "two"));
        Assert.NotNull(await engine.ReadStateAsync("two", default));
    }

    public async ValueTask DisposeAsync()
    {
        await _folder.DisposeAsync();
        await _parent.DisposeAsync();
    }

    private async Task AssertRefusedAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<StoreException>(call);
        Assert.Equal((StoreFault.Unusable, false), (refused.Fault, refused.IsOutcomeUnknown));
        Assert.Contains($"'{_folder.Path}' was moved or replaced while it was in use", refused.Message);
        Assert.Contains("put it back", refused.Message);
    }

    private static async Task<bool> WriteAsync(SqliteEngine engine, string key) =>
        (await engine.CommitStatesAsync([new GrainStateWrite(key, null, 7, [1])], default))[0];
}
