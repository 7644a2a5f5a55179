using System.Security.Cryptography;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.GrainState;
using FaultTolerance.Storage.Sqlite.Clustering;
using FaultTolerance.Storage.Sqlite.Databases;
using FaultTolerance.Storage.Sqlite.Engine;
using FaultTolerance.Storage.Sqlite.Tests.Clustering;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Storage.Sqlite.Tests;

/// <summary>Files that cannot be used, in the place of either database: each is refused with its name and the remedy, and left alone.</summary>
public sealed class RefusedDatabasesTests : IAsyncDisposable
{
    private readonly DataFolder _folder = new();

    public static TheoryData<string> Databases => ["store", "cluster"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone(string name)
    {
        File.WriteAllText(PathOf(name), "Dear diary, today nobody has overwritten me. It is the little things that make the difference.");

        await AssertRefusedAndUntouchedAsync(name, "not a database", "move the file away");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_database_of_another_program_is_refused_and_left_alone(string name)
    {
        Change(name, "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");

        await AssertRefusedAndUntouchedAsync(name, "another program", "another data folder");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_database_with_another_programs_mark_is_refused_and_left_alone(string name)
    {
        Change(name, "PRAGMA application_id = 7; PRAGMA user_version = 1; CREATE TABLE recipes (name TEXT)");

        await AssertRefusedAndUntouchedAsync(name, "another program", "another data folder");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task One_of_the_two_databases_is_not_taken_for_the_other(string name)
    {
        var other = name == "store" ? "cluster" : "store";
        await (await OpenAsync(other)).DisposeAsync();
        File.Copy(PathOf(other), PathOf(name));

        await AssertRefusedAndUntouchedAsync(name, "another program", "another data folder");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_database_of_a_newer_version_is_refused_and_left_alone(string name)
    {
        await (await OpenAsync(name)).DisposeAsync();
        var newer = (name == "store" ? StoreSchema.Current : ClusterSchema.Current).Version + 1;
        Change(name, $"PRAGMA user_version = {newer}; CREATE TABLE of_the_future (x)");

        await AssertRefusedAndUntouchedAsync(name, "newer version", $"version {newer}");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_damaged_database_is_refused_where_the_damage_is_met(string name)
    {
        var opened = await OpenAsync(name);
        await WriteAsync(opened);
        await opened.DisposeAsync();
        using (var file = File.OpenWrite(PathOf(name)))
        {
            file.Position = 4_096;
            file.Write(new byte[file.Length - 4_096]);
        }

        await AssertRefusedAsync(
            async () =>
            {
                await using var damaged = await OpenAsync(name);
                await ReadAsync(damaged);
            },
            StoreFault.Unusable, PathOf(name), "damaged", "restore it from a copy");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_database_that_another_program_has_locked_is_unreachable_until_it_is_free(string name)
    {
        await using var opened = await OpenAsync(name);
        using var browser = Connection.OpenWriter(PathOf(name), 1_024);
        browser.Execute("BEGIN IMMEDIATE");

        await AssertRefusedAsync(
            () => WriteAsync(opened),
            StoreFault.Unreachable, PathOf(name), "Another program has the file locked");

        browser.Execute("ROLLBACK");
        await WriteAsync(opened);
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private string PathOf(string name) => Path.Combine(_folder.Path, name + ".db");

    private async Task<IAsyncDisposable> OpenAsync(string name) =>
        name == "store" ? await _folder.OpenAsync() : await ClusterTables.OpenAsync(_folder.Path);

    private static Task WriteAsync(IAsyncDisposable opened) => opened switch
    {
        SqliteEngine store => store.CommitStatesAsync([new GrainStateWrite("key", null, 7, [1])], default),
        ClusterTables cluster => cluster.Members.DeleteMembershipTableEntriesAsync("of no cluster", default),
        _ => throw new ArgumentException("It is neither database.", nameof(opened)),
    };

    private static Task ReadAsync(IAsyncDisposable opened) => opened switch
    {
        SqliteEngine store => store.ListAsync(new TaskQuery { Limit = 10 }, default),
        ClusterTables cluster => cluster.Members.ReadAllAsync(default),
        _ => throw new ArgumentException("It is neither database.", nameof(opened)),
    };

    private void Change(string name, string sql)
    {
        using var stranger = Connection.OpenWriter(PathOf(name), 1_024);
        stranger.Execute(sql);
        stranger.Checkpoint(SQLitePCL.raw.SQLITE_CHECKPOINT_TRUNCATE);
    }

    private async Task AssertRefusedAndUntouchedAsync(string name, params string[] words)
    {
        var before = SHA256.HashData(File.ReadAllBytes(PathOf(name)));

        await AssertRefusedAsync(() => OpenAsync(name), StoreFault.Unusable, [PathOf(name), .. words]);

        Assert.Equal(before, SHA256.HashData(File.ReadAllBytes(PathOf(name))));
        Assert.False(File.Exists(PathOf(name) + "-wal") && new FileInfo(PathOf(name) + "-wal").Length > 0);
    }

    private static async Task AssertRefusedAsync(Func<Task> call, StoreFault fault, params string[] words)
    {
        var refused = await Assert.ThrowsAsync<StoreException>(call);
        Assert.Equal((fault, false), (refused.Fault, refused.IsOutcomeUnknown));
        Assert.All(words, word => Assert.Contains(word, refused.Message));
    }
}
