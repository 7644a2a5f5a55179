using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Sqlite.Engine;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>Opening a store: what is made, and what is refused with its name and the remedy.</summary>
public sealed class OpeningTests : IAsyncDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public async Task A_missing_folder_is_made()
    {
        await using var inside = new DataFolder(Path.Combine(_folder.Path, "made", "for", "it"));

        await inside.OpenAsync();

        Assert.True(File.Exists(inside.Store));
    }

    [Fact]
    public async Task Engines_that_open_an_empty_folder_together_all_find_the_tables()
    {
        var engines = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _folder.OpenAsync()));

        var written = await Task.WhenAll(engines.Select((engine, number) => WriteAsync(engine, $"{number}")));

        Assert.All(written, Assert.True);
        await AssertWrittenAsync(engines[0], "0", "1", "2");
    }

    [Fact]
    public async Task What_one_engine_wrote_the_next_one_reads()
    {
        await using (var first = await _folder.OpenAsync())
        {
            await WriteAsync(first, "kept");
        }

        await AssertWrittenAsync(await _folder.OpenAsync(), "kept");
    }

    [Fact]
    public async Task Opening_twice_does_nothing_more()
    {
        var engine = await _folder.OpenAsync();

        Assert.Same(await engine.InitializeAsync(default), await engine.InitializeAsync(default));
    }

    [Fact]
    public async Task An_engine_that_is_not_open_says_so()
    {
        var engine = _folder.CreateEngine();

        await AssertRefusedAsync(() => engine.CountAsync(default), StoreFault.Unreachable, "not open");
        await AssertRefusedAsync(() => WriteAsync(engine, "key"), StoreFault.Unreachable, "not open");
    }

    [Fact]
    public async Task An_engine_that_is_closed_says_so()
    {
        var engine = await _folder.OpenAsync();
        await engine.DisposeAsync();
        await engine.DisposeAsync();

        await AssertRefusedAsync(() => engine.CountAsync(default), StoreFault.Unreachable, "closed");
        await AssertRefusedAsync(() => WriteAsync(engine, "key"), StoreFault.Unreachable, "closed");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "in the way");
        await using var inside = new DataFolder(Path.Combine(_folder.Path, "file", "folder"));

        await AssertRefusedAsync(() => inside.OpenAsync(), StoreFault.Unusable, inside.Path, "choose another");
    }

    [Theory]
    [InlineData("3.7.0", 3_007_000)]
    [InlineData("3.50.4", 3_050_004)]
    [InlineData("3.51.2", 3_051_002)]
    [InlineData("3.52.0", 3_052_000)]
    public void A_version_of_SQLite_that_may_lose_rows_or_was_withdrawn_is_refused(string text, int number)
    {
        var refused = Assert.Throws<StoreException>(() => DatabaseSetup.RequireVersion(text, number));

        Assert.Equal(StoreFault.Unusable, refused.Fault);
        Assert.Contains("3.51.3", refused.Message);
    }

    [Fact]
    public void The_version_that_is_loaded_is_a_safe_one() => DatabaseSetup.RequireSupported();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private static async Task AssertRefusedAsync(Func<Task> open, StoreFault fault, params string[] words)
    {
        var refused = await Assert.ThrowsAsync<StoreException>(open);
        Assert.Equal(fault, refused.Fault);
        Assert.False(refused.IsOutcomeUnknown);
        Assert.All(words, word => Assert.Contains(word, refused.Message));
    }

    private static async Task<bool> WriteAsync(SqliteEngine engine, string key) =>
        (await engine.CommitStatesAsync([new GrainStateWrite(key, null, 7, [1])], default))[0];

    private static async Task AssertWrittenAsync(SqliteEngine engine, params string[] keys)
    {
        foreach (var key in keys)
        {
            Assert.NotNull(await engine.ReadStateAsync(key, default));
        }
    }
}
