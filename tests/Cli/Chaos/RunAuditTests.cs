using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Live;
using FaultTolerance.Testing.Checking;

namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>What a run on a cluster that goes on leaves in its store: nothing.</summary>
public sealed class RunAuditTests : IAsyncLifetime
{
    private readonly ClusterFolder _folder = new(Directory.CreateTempSubdirectory("ft-audit-").FullName);
    private readonly LiveBoard _board = new("chaos", TimeProvider.System);
    private readonly SqliteClusterStore _store;

    public RunAuditTests() => _store = new SqliteClusterStore(_folder.Data);

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

    [Fact]
    public async Task What_a_run_that_was_killed_has_left_is_removed_by_the_next_one()
    {
        var left = _store.AuditNamed("outcome_audit_dead");
        await left.InstallAsync();
        Directory.CreateDirectory(_folder.Audits);
        await File.WriteAllTextAsync(Path.Join(_folder.Audits, "outcome_audit_dead"), "");

        await using var run = await InstallAsync("/tmp/ft-chaos-Run1");

        await Assert.ThrowsAsync<OutcomeAuditException>(() => left.CountDoubledAsync());
        Assert.Equal(["outcome_audit_ft_chaos_run1"], Marks());
    }

    [Fact]
    public async Task What_could_not_be_removed_is_told_and_left_to_the_next_run()
    {
        var run = await InstallAsync("/tmp/ft-chaos-Run1");
        var (data, away) = (_folder.Data, $"{_folder.Data}-away");
        Directory.Move(data, away);

        await run.DisposeAsync();

        Assert.Contains(_board.Read().Timeline, entry => entry.Text.StartsWith("the count of outcomes is still in the store", StringComparison.Ordinal));
        Directory.Move(away, data);
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

    private Task<RunAudit> InstallAsync(string run) => RunAudit.InstallAsync(_folder, _store, run, _board, CancellationToken.None);

    private IEnumerable<string> Marks() => Directory.EnumerateFiles(_folder.Audits).Select(path => Path.GetFileName(path));
}
