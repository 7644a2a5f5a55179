using System.Text.Json;
using FaultTolerance.Cli.Chaos;
using FaultTolerance.Cli.Clusters;
using FaultTolerance.Cli.Connections;
using FaultTolerance.Cli.Orders;
using FaultTolerance.Cli.Queries;

namespace FaultTolerance.Cli.Tests.Clusters;

/// <summary>A folder for a local cluster of real processes, and command lines about it.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>How long anything may take before a test is taken for hung.</summary>
    public static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(3);

    private readonly CommandLine _ft = new((output, error) =>
    {
        var terminal = new Terminal(output, error, TimeProvider.System);
        return new FtPrograms(
            (_, _) => Task.FromResult(ExitCodes.Usage),
            new ChaosProgram(output, error, TimeProvider.System).RunAsync,
            new ClusterProgram(terminal, TextReader.Null, output),
            new QueryProgram(terminal),
            new OrderProgram(terminal));
    });

    public ClusterFolder Folder { get; } = new(Directory.CreateTempSubdirectory("ft-cluster-").FullName);

    public string Output => _ft.Output;

    public string Error => _ft.Error;

    public static string Handlers => Path.Join(AppContext.BaseDirectory, "chaos-handlers");

    /// <summary>Gets what the supervisor has noted.</summary>
    public ClusterState State => Folder.ReadState()!;

    /// <summary>Runs a command line about the cluster, and returns its exit code.</summary>
    public Task<int> RunAsync(params string[] arguments) => _ft.RunAsync([.. arguments, "--folder", Folder.Path]).WaitAsync(HangLimit);

    /// <summary>Runs a command line about the cluster, and has this told each line that it prints, before it goes on.</summary>
    public async Task<int> RunAsync(Action<string> told, params string[] arguments)
    {
        _ft.Told = told;
        try
        {
            return await RunAsync(arguments);
        }
        finally
        {
            _ft.Told = null;
        }
    }

    /// <summary>Runs a command line about the cluster that is to end with one of these exit codes, and returns its JSON.</summary>
    public async Task<JsonElement> AskAsync(int[] exitCodes, params string[] arguments)
    {
        var actual = await RunAsync([.. arguments, "--json"]);
        Assert.True(exitCodes.Contains(actual), $"{string.Join(' ', arguments)}: exit code {actual}\n{Output}\n{Error}\n{Logs()}");
        return JsonDocument.Parse(Output).RootElement;
    }

    /// <summary>Starts the cluster.</summary>
    public async Task<JsonElement> StartAsync(int silos, params string[] options) =>
        await AskAsync([ExitCodes.Right], ["cluster", "start", "--silos", $"{silos}", "--handlers", Handlers, .. options]);

    /// <summary>Connects a client.</summary>
    public Task<ClusterConnection> ConnectAsync() => ClusterConnection.OpenAsync(
        new ClusterTarget { Folder = Folder.Path, Timeout = HangLimit }, TimeProvider.System, CancellationToken.None);

    /// <summary>Waits until the supervisor has noted something.</summary>
    public async Task UntilAsync(Func<ClusterState, bool> condition)
    {
        var noted = new TaskCompletionSource();
        using var watcher = new FileSystemWatcher(Folder.Path, "state.json");
        watcher.Renamed += (_, _) => Look();
        watcher.Error += (_, told) => noted.TrySetException(told.GetException());
        watcher.EnableRaisingEvents = true;
        Look();
        await noted.Task.WaitAsync(HangLimit);

        void Look()
        {
            if (condition(State))
            {
                noted.TrySetResult();
            }
        }
    }

    /// <summary>Stops the cluster however it stands, and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("cluster", "stop");
        _ft.Dispose();
        Directory.Delete(Folder.Path, recursive: true);
    }

    private string Logs() => string.Join('\n', Directory.Exists(Folder.Logs) ? Directory.EnumerateFiles(Folder.Logs).Select(File.ReadAllText) : []);
}
