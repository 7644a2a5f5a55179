using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Testing.Checking;
using FaultTolerance.Testing.Tests.Chaos;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>What a run on a cluster that goes on leaves in its store: nothing.</summary>
public sealed class RunAuditTests : IAsyncLifetime
{
    private readonly ClusterFolder _folder = new(Directory.CreateTempSubdirectory("ft-audit-").FullName);
    private readonly FakeTime _time = new();
    private readonly LiveBoard _board = new("chaos", TimeProvider.System);
    private readonly SqliteClusterStore _store;

    public RunAuditTests() => _store = new SqliteClusterStore(_folder.Data);

    /// <summary>Gets where a test puts the store, so that nobody can use it.</summary>
    private string Away => $"{_folder.Data}-away";

    public async ValueTask InitializeAsync() => await (await _store.OpenAsync(CancellationToken.None)).DisposeAsync(); // it has its tables now

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder.Path, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_run_that_is_over_leaves_nothing_and_takes_nothing_from_another_one()
    {
        await using var other = await InstallAsync("/tmp/ft-chaos-Other1");
        var run = await InstallAsync("/tmp/ft-chaos-Run1");
        Assert.Equal((0, 0), (await run.Counter.CountDoubledAsync(), await other.Counter.CountDoubledAsync()));

        await run.DisposeAsync();

        await Assert.ThrowsAsync<OutcomeAuditException>(() => run.Counter.CountDoubledAsync());
        Assert.Equal(0, await other.Counter.CountDoubledAsync());
        Assert.Equal(["outcome_audit_ft_chaos_other1"], Marks());
    }

    [Theory]
    [InlineData("SQLite, data")]
    [InlineData("")] // it was killed before it had written where
    public async Task What_a_run_that_was_killed_has_left_is_removed_by_the_next_one(string mark)
    {
        var left = _store.AuditNamed("outcome_audit_dead");
        await left.InstallAsync();
        Directory.CreateDirectory(_folder.Audits);
        await File.WriteAllTextAsync(Path.Join(_folder.Audits, "outcome_audit_dead"), mark);

        await using var run = await InstallAsync("/tmp/ft-chaos-Run1");

        await Assert.ThrowsAsync<OutcomeAuditException>(() => left.CountDoubledAsync());
        Assert.Equal(["outcome_audit_ft_chaos_run1"], Marks());
    }

    [Fact]
    public async Task What_a_run_has_left_in_another_store_is_told_and_left_alone()
    {
        var here = _store.AuditNamed("outcome_audit_dead"); // of the same name, and not meant
        await here.InstallAsync();
        Directory.CreateDirectory(_folder.Audits);
        var there = new PostgresClusterStore("Host=db;Username=me;Password=secret;Database=app", "ft", silos: 1).PlaceFrom(_folder.Path);
        await File.WriteAllTextAsync(Path.Join(_folder.Audits, "outcome_audit_dead"), there);

        await using var run = await InstallAsync("/tmp/ft-chaos-Run1");

        Assert.Equal(0, await here.CountDoubledAsync());
        Assert.Equal(["outcome_audit_dead", "outcome_audit_ft_chaos_run1"], Marks().Order());
        Assert.Equal("PostgreSQL, db:5432, database app, schema ft", there);
        var told = Assert.Single(_board.Read().Timeline).Text;
        Assert.Contains($"it is in another store ({there}), not in the cluster's present one (SQLite, data)", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_whose_folder_was_moved_is_still_on_the_same_store()
    {
        var run = await InstallAsync("/tmp/ft-chaos-Run1");
        Directory.Move(_folder.Data, Away);
        await run.DisposeAsync();
        Directory.Move(Away, _folder.Data);
        var moved = new ClusterFolder($"{_folder.Path}-moved");
        Directory.Move(_folder.Path, moved.Path);

        await (await RunAudit.InstallAsync(moved, new SqliteClusterStore(moved.Data), "/tmp/ft-chaos-Run2", _board, _time, CancellationToken.None)).DisposeAsync();

        Assert.Empty(Directory.EnumerateFiles(moved.Audits));
        Directory.Move(moved.Path, _folder.Path);
    }

    [Fact]
    public async Task Who_holds_the_store_at_the_end_of_a_run_is_waited_for()
    {
        var time = new FakeTimeProvider();
        var run = await RunAudit.InstallAsync(_folder, _store, "/tmp/ft-chaos-Run1", _board, time, CancellationToken.None);
        Directory.Move(_folder.Data, Away);
        var removing = run.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(removing.IsCompleted);

        Directory.Move(Away, _folder.Data);
        time.Advance(TimeSpan.FromSeconds(3));
        await removing;

        await Assert.ThrowsAsync<OutcomeAuditException>(() => run.Counter.CountDoubledAsync());
        Assert.Empty(Marks());
        Assert.StartsWith("the count of outcomes cannot be removed yet", Assert.Single(_board.Read().Timeline).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_removed_is_told_and_left_to_the_next_run()
    {
        var run = await InstallAsync("/tmp/ft-chaos-Run1");
        Directory.Move(_folder.Data, Away);

        await run.DisposeAsync();

        Assert.Equal(TimeSpan.FromSeconds(12), _time.Elapsed); // four pauses
        var told = _board.Read().Timeline[^1].Text;
        Assert.StartsWith("the count of outcomes is still in the store", told, StringComparison.Ordinal);
        Assert.All(
            ["TRIGGER IF EXISTS \"outcome_audit_ft_chaos_run1_insert\"", "TRIGGER IF EXISTS \"outcome_audit_ft_chaos_run1_update\"", "TABLE IF EXISTS \"outcome_audit_ft_chaos_run1\""],
            part => Assert.Contains($"DROP {part}", told, StringComparison.Ordinal));
        Assert.Equal("SQLite, data", await File.ReadAllTextAsync(Path.Join(_folder.Audits, Assert.Single(Marks()))));
        Directory.Move(Away, _folder.Data);
        await (await InstallAsync("/tmp/ft-chaos-Run2")).DisposeAsync();
        await Assert.ThrowsAsync<OutcomeAuditException>(() => run.Counter.CountDoubledAsync());
        Assert.Empty(Marks());
    }

    [Fact]
    public async Task A_run_that_cannot_install_it_leaves_no_mark()
    {
        Directory.Delete(_folder.Data, recursive: true);
        Directory.CreateDirectory(_folder.Data);
        await File.WriteAllTextAsync(Path.Join(_folder.Data, "store.db"), ""); // a database without tasks

        await Assert.ThrowsAsync<OutcomeAuditException>(() => InstallAsync("/tmp/ft-chaos-Run1"));

        Assert.Empty(Marks());
    }

    private Task<RunAudit> InstallAsync(string run) => RunAudit.InstallAsync(_folder, _store, run, _board, _time, CancellationToken.None);

    private IEnumerable<string> Marks() => Directory.EnumerateFiles(_folder.Audits).Select(path => Path.GetFileName(path));
}
