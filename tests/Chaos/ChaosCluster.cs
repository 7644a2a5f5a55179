using FaultTolerance.Storage.Sqlite;
using FaultTolerance.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace FaultTolerance.Chaos.Tests;

/// <summary>Silo processes of the very host that users deploy, on SQLite in a folder of their own, and a client outside of them.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>The one limit on every wait. Its expiry is a failure that shows all logs.</summary>
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _hang = new(HangLimit);
    private readonly string _folder;
    private readonly IHost _host;

    private ChaosCluster(string folder, LocalCluster silos, IHost host) => (_folder, Silos, _host) = (folder, silos, host);

    public LocalCluster Silos { get; }

    public IFaultToleranceClient Client => _host.Services.GetRequiredService<IFaultToleranceClient>();

    /// <summary>Fires when something hangs.</summary>
    public CancellationToken Hang => _hang.Token;

    public static async Task<ChaosCluster> StartAsync(int silos = 3, bool restartsDead = false)
    {
        var folder = Directory.CreateTempSubdirectory("ft-chaos-").FullName;
        var local = await LocalCluster.StartAsync(new LocalClusterOptions
        {
            Program = new SiloProgram
            {
                Path = Path.Combine(AppContext.BaseDirectory, "silo", "FaultTolerance.Orleans.Silo.dll"),
                Environment = slot => Environment(folder, slot),
            },
            Folder = folder,
            Silos = silos,
            RestartsDead = restartsDead,
            Chance = folder.GetHashCode(StringComparison.Ordinal),
        });
        var host = Host.CreateApplicationBuilder();
        host.Logging.ClearProviders();
        host.UseOrleansClient(client => client
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("chaos", "chaos"))
            .UseFaultToleranceSqlite(options => options.Folder = Path.Combine(folder, "data"))
            .AddFaultToleranceClient()
            .UseConnectionRetryFilter(static (_, _) => Task.FromResult(true)));
        var built = host.Build();
        await built.StartAsync();
        return new ChaosCluster(folder, local, built);
    }

    /// <summary>Waits for something that a silo tells, or that was told before.</summary>
    public Task<SiloEvent> UntilAsync(string name, Func<SiloEvent, bool>? which = null) =>
        Silos.Events.WaitForAsync(told => told.Name == name && which?.Invoke(told) != false, cancellationToken: Hang);

    /// <summary>Waits until the death of a node has been recorded and its work recovered.</summary>
    public Task<SiloEvent> UntilRecoveredAsync(string node) => UntilAsync("recovered", told => told.Text("node") == node);

    /// <summary>Returns the deaths of a node that silos have recorded.</summary>
    public IReadOnlyList<SiloEvent> Deaths(string node) =>
        [.. Silos.Events.ToList().Where(told => told.Name == "dead" && told.Text("node") == node)];

    public async ValueTask DisposeAsync()
    {
        if (_hang.IsCancellationRequested)
        {
            TestContext.Current.SendDiagnosticMessage(Silos.LogTails());
            await Console.Error.WriteLineAsync(Silos.LogTails());
        }

        await Silos.DisposeAsync();
        await _host.StopAsync();
        _host.Dispose();
        _hang.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Dictionary<string, string?> Environment(string folder, SiloSlot slot) => new()
    {
        ["FaultTolerance__Store"] = $"sqlite:{Path.Combine(folder, "data")}",
        ["FaultTolerance__ClusterId"] = "chaos",
        ["FaultTolerance__ServiceId"] = "chaos",
        ["FaultTolerance__Name"] = slot.Name,
        ["FaultTolerance__SiloPort"] = slot.SiloPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["FaultTolerance__GatewayPort"] = slot.GatewayPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["FaultTolerance__HttpPort"] = "0",
        ["FaultTolerance__Handlers"] = Path.Combine(AppContext.BaseDirectory, "chaos-handlers"),
    };
}
