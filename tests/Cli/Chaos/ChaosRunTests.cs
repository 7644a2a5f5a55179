using System.Text.Json;
using System.Text.RegularExpressions;
using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Tests.Clusters;
using FaultTolerance.Testing;
using FaultTolerance.Testing.Chaos;

namespace FaultTolerance.Cli.Tests.Chaos;

/// <summary>Ten faults of real silo processes under load, on each store, and some to a cluster that runs already.</summary>
public sealed class ChaosRunTests : IDisposable
{
    /// <summary>What is done on which store: to processes on the one, to the database's server and the network on the other.</summary>
    private static readonly Dictionary<StoreKind, ChaosKind[]> Kinds = new()
    {
        [StoreKind.Sqlite] =
        [
            ChaosKind.Kill, ChaosKind.KillMost, ChaosKind.KillAll, ChaosKind.KillDetector, ChaosKind.PauseShort, ChaosKind.PauseAround,
            ChaosKind.PauseLong, ChaosKind.Terminate, ChaosKind.Drain,
        ],
        [StoreKind.Postgres] =
        [
            ChaosKind.KillAll, ChaosKind.StoreStop, ChaosKind.StoreFreeze, ChaosKind.StoreRestart, ChaosKind.NetworkCut, ChaosKind.NetworkOneWay,
            ChaosKind.NetworkPeers, ChaosKind.NetworkStore, ChaosKind.NetworkLoss, ChaosKind.NetworkBlackout,
        ],
    };

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task Ten_faults_lose_nothing_and_nobody_is_declared_dead_who_was_not(string store)
    {
        var kinds = Kinds[Enum.Parse<StoreKind>(store)];
        var options = new ChaosOptions { Faults = 10, Store = Enum.Parse<StoreKind>(store), Kinds = kinds, Seed = 42, Json = true };

        var exitCode = await new ChaosProgram(_output, _error, TimeProvider.System).RunAsync(options, CancellationToken.None);

        AssertRight(exitCode, faults: 10);
        var done = JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("byKind").EnumerateObject()
            .Where(kind => kind.Value is { ValueKind: JsonValueKind.Number } count && count.GetInt32() > 0);
        Assert.Equal(kinds.Select(ChaosNames.Of).Order(), done.Select(kind => kind.Name).Order());
    }

    [Fact]
    public void Both_runs_together_do_every_kind_of_fault() =>
        Assert.Equal(Enum.GetValues<ChaosKind>(), Kinds.Values.SelectMany(kinds => kinds).Distinct().Order());

    [Fact]
    public async Task A_cluster_that_runs_survives_faults_and_goes_on()
    {
        await using var cluster = new TestCluster();
        await cluster.AskAsync([ExitCodes.Right], "cluster", "start", "--silos", "3");

        var exitCode = await new ChaosProgram(_output, _error, TimeProvider.System).RunAsync(
            new ChaosOptions { Folder = cluster.Folder.Path, Faults = 3, Kinds = [ChaosKind.Kill, ChaosKind.PauseLong], Seed = 1, Json = true }, CancellationToken.None);

        AssertRight(exitCode, faults: 3);
        Assert.Equal(ClusterPhase.Running, cluster.State.Phase);
        Assert.Empty(Directory.EnumerateFiles(cluster.Folder.Audits)); // what counted outcomes has gone with the run
    }

    [Fact]
    public async Task What_is_not_possible_here_is_refused_with_the_reason()
    {
        var options = new ChaosOptions { Kinds = [ChaosKind.StoreStop] };

        var failure = await Assert.ThrowsAsync<UsageException>(() => new ChaosProgram(_output, _error, TimeProvider.System).RunAsync(options, CancellationToken.None));

        Assert.Contains("SQLite has no server.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_in_a_named_database_that_is_interrupted_keeps_its_logs_and_says_where()
    {
        await using var server = await PostgresServer.StartNewAsync();
        using var interrupt = new CancellationTokenSource();
        using var error = new InterruptingWriter("has joined as life", interrupt);
        var options = new ChaosOptions { Store = StoreKind.Postgres, Connection = server.ConnectionString(), Silos = 1, Kinds = [ChaosKind.Kill], Json = true };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ChaosProgram(_output, error, TimeProvider.System).RunAsync(options, interrupt.Token));

        var kept = Regex.Match(error.ToString(), @"its data and logs are kept in (\S+)\.");
        Assert.True(kept.Success, error.ToString());
        Assert.True(File.Exists(Path.Join(kept.Groups[1].Value, "logs", "silo-1.log")));
        Directory.Delete(kept.Groups[1].Value, recursive: true);
    }

    private void AssertRight(int exitCode, int faults)
    {
        Assert.True(exitCode == ExitCodes.Right, $"exit code {exitCode}\n{_output}\n{_error}");
        var json = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal(faults, json.GetProperty("faults").GetInt32());
        Assert.Equal(json.GetProperty("accepted").GetInt64(), json.GetProperty("succeeded").GetInt64());
        Assert.All(["failed", "lost", "committedTwice", "brokenHistories", "wrongResults", "falseDeaths", "leakedSlots"], name => Assert.Equal(0, json.GetProperty(name).GetInt64()));
    }

    /// <summary>Interrupts a run as soon as it has said something.</summary>
    private sealed class InterruptingWriter(string said, CancellationTokenSource interrupt) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            if (ToString().Contains(said, StringComparison.Ordinal))
            {
                interrupt.Cancel();
            }
        }
    }
}
