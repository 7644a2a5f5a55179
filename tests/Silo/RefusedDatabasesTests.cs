namespace FaultTolerance.Silo.Tests;

/// <summary>SQLite files that the host must not use, or cannot now: it names the file and the remedy, and ends with exit code 2.</summary>
public sealed class RefusedDatabasesTests : IDisposable
{
    private readonly HostUnderTest _host = new();

    public static TheoryData<string> Databases => ["store.db", "cluster.db"];

    public void Dispose() => _host.Dispose();

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_database_of_another_program_is_told_by_its_path_and_left_alone(string name)
    {
        using var stranger = new Stranger(PathOf(name));
        stranger.Execute("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");

        await AssertRefusedAsync(name, "another program", "another data folder");

        stranger.Execute("DELETE FROM recipes");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_database_of_a_newer_version_is_told_by_its_path_and_both_versions(string name)
    {
        await (await _host.StartAsync()).DisposeAsync();
        using (var future = new Stranger(PathOf(name)))
        {
            future.Execute("PRAGMA user_version = 1000");
        }

        await AssertRefusedAsync(name, "newer version", "1000");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_database_that_another_program_keeps_locked_is_told_by_its_path(string name)
    {
        await (await _host.StartAsync()).DisposeAsync();
        using var browser = new Stranger(PathOf(name));
        browser.Execute("BEGIN IMMEDIATE");

        await AssertRefusedAsync(name, "Another program has the file locked");

        browser.Execute("ROLLBACK");
        await using var silo = await _host.StartAsync();
    }

    private string PathOf(string name) => Path.Combine(_host.Folder, "data", name);

    private async Task AssertRefusedAsync(string name, params string[] words)
    {
        var said = await _host.RefusedAsync();
        Assert.All([PathOf(name), .. words], word => Assert.Contains(word, said, StringComparison.Ordinal));
    }
}
