using System.Text.Json;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Demo;
using FaultTolerance.Testing;

namespace FaultTolerance.Cli.Tests.Demo;

/// <summary>The main job on real silo processes, once for each fault and store.</summary>
public sealed class DemoRunTests(DemoRunTests.Server server) : IClassFixture<DemoRunTests.Server>, IDisposable
{
    /// <summary>Early enough that every silo has work for seconds: a moment must come at which all of them run some.</summary>
    private static readonly KillMoment Early = new(0.25, null);

    private readonly DemoInput _input = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("demo-data-");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _input.Dispose();
        _data.Delete(recursive: true);
    }

    [Theory]
    [InlineData("Sqlite", "One", "Kill")]
    [InlineData("Sqlite", "All", "Kill")]
    [InlineData("Sqlite", "One", "Pause")]
    [InlineData("Sqlite", "All", "Pause")]
    [InlineData("Postgres", "One", "Kill")]
    [InlineData("Postgres", "All", "Kill")]
    [InlineData("Postgres", "One", "Pause")]
    public async Task A_cluster_that_loses_silos_in_the_midst_of_its_work_loses_nothing(string store, string kill, string signal)
    {
        _input.Fill();
        var options = Options() with { Store = Enum.Parse<StoreKind>(store), Kill = Enum.Parse<KillTarget>(kill), Signal = Enum.Parse<KillSignal>(signal), At = Early };

        var exitCode = await RunAsync(options.Store == StoreKind.Postgres ? options with { Connection = server.ConnectionString } : options);

        Assert.True(exitCode == ExitCodes.Right, $"exit code {exitCode}\n{_output}\n{_error}");
        var json = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal((0, 0, 0), (Number(json, "failed"), Number(json, "lost"), Number(json, "committedTwice")));
        Assert.Equal(Number(json, "accepted"), Number(json, "succeeded"));
        Assert.True(json.GetProperty("manifestMatches").GetBoolean());
        Assert.Equal(options.Kill == KillTarget.All ? 3 : 1, json.GetProperty("killed").GetArrayLength());
        AssertFound(json, options.MayLiveOn);
        Assert.Empty(_data.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_moment_that_never_comes_proves_nothing_and_keeps_the_data()
    {
        _input.Add("file", "some words\n");

        var exitCode = await RunAsync(Options() with { Silos = 1, At = new KillMoment(null, TimeSpan.FromHours(1)) });

        Assert.Equal(ExitCodes.ProvedNothing, exitCode);
        Assert.Single(_data.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_silo_that_cannot_start_leaves_its_log_where_the_message_names_it()
    {
        _input.Add("file", "some words\n");

        var failure = await Assert.ThrowsAsync<UsageException>(() => new DemoProgram(_output, _error, new SpoilingClock(_data)).RunAsync(Options(), CancellationToken.None));

        var kept = Assert.Single(_data.GetDirectories()).FullName;
        Assert.Contains($"its data and logs are kept in {kept}.", _error.ToString(), StringComparison.Ordinal);
        var log = failure.Message.Split('\n')[^1].Split(' ')[^1];
        Assert.StartsWith(Path.Join(kept, "logs"), log, StringComparison.Ordinal);
        Assert.Contains("not a database", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Join(kept, "data", "store.db")));
    }

    [Fact]
    public async Task A_folder_that_changes_under_us_is_told_apart_from_a_wrong_result()
    {
        _input.Add("file", "some words\n");
        using var clock = new WritingClock(Path.Join(_input.Folder, "file"));

        var exitCode = await new DemoProgram(_output, _error, clock).RunAsync(Options() with { Silos = 1, Kill = KillTarget.None }, CancellationToken.None);

        Assert.True(exitCode == ExitCodes.InputChanged, $"exit code {exitCode}\n{_output}\n{_error}");
    }

    [Fact]
    public async Task A_folder_that_is_missing_or_empty_is_told_with_the_remedy()
    {
        var empty = await Assert.ThrowsAsync<UsageException>(() => RunAsync(Options()));
        var missing = await Assert.ThrowsAsync<UsageException>(() => RunAsync(Options() with { Folder = Path.Join(_input.Folder, "missing") }));
        var inside = await Assert.ThrowsAsync<UsageException>(() => RunAsync(Options() with { Data = Path.Join(_input.Folder, "data") }));

        Assert.Contains("holds no file", empty.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", missing.Message, StringComparison.Ordinal);
        Assert.Contains("--data", inside.Message, StringComparison.Ordinal);
        Assert.Empty(_data.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_told_without_the_password()
    {
        _input.Add("file", "some words\n");
        var options = Options() with { Store = StoreKind.Postgres, Connection = "Host=127.0.0.1;Port=1;Database=d;Username=u;Password=sEcReT" };

        var failure = await Assert.ThrowsAsync<UsageException>(() => RunAsync(options));

        Assert.DoesNotContain("sEcReT", failure.Message + _error, StringComparison.Ordinal);
        Assert.Empty(_data.EnumerateFileSystemInfos());
    }

    private DemoOptions Options() => new() { Folder = _input.Folder, Data = _data.FullName, Json = true };

    private Task<int> RunAsync(DemoOptions options) =>
        new DemoProgram(_output, _error, TimeProvider.System).RunAsync(options, CancellationToken.None);

    /// <summary>Deaths are recorded and recovered, both or, where nobody was left to find out who stood still, perhaps neither.</summary>
    private static void AssertFound(JsonElement json, bool mayLiveOn)
    {
        var kinds = (json.GetProperty("detectionSeconds").ValueKind, json.GetProperty("recoverySeconds").ValueKind);
        if (!mayLiveOn || kinds != (JsonValueKind.Null, JsonValueKind.Null))
        {
            Assert.Equal((JsonValueKind.Number, JsonValueKind.Number), kinds);
        }
    }

    private static long Number(JsonElement json, string field) => json.GetProperty(field).GetInt64();

    /// <summary>A clock that adds a word to a file whenever somebody looks at it: the demo does between any two of its steps.</summary>
    private sealed class WritingClock(string file) : TimeProvider, IDisposable
    {
        private readonly FileStream _file = new(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        private readonly Lock _lock = new();

        public override long GetTimestamp()
        {
            lock (_lock)
            {
                _file.Write(" word"u8);
                _file.Flush();
            }

            return base.GetTimestamp();
        }

        public void Dispose() => _file.Dispose();
    }

    /// <summary>A clock that lays a file which is no database in the way of the silos once the run has a folder: the first look comes then.</summary>
    private sealed class SpoilingClock(DirectoryInfo runs) : TimeProvider
    {
        public override long GetTimestamp()
        {
            foreach (var run in runs.EnumerateDirectories().Where(run => !Directory.Exists(Path.Join(run.FullName, "data"))))
            {
                File.WriteAllText(Path.Join(run.CreateSubdirectory("data").FullName, "cluster.db"), new string('x', 10_000));
            }

            return base.GetTimestamp();
        }
    }

    public sealed class Server : IAsyncLifetime
    {
        private PostgresServer _server = null!;

        public string ConnectionString => _server.ConnectionString();

        public async ValueTask InitializeAsync() => _server = await PostgresServer.StartNewAsync();

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
