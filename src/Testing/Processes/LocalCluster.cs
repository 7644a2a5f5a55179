using System.Globalization;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Processes;

/// <summary>Silos on this machine, each a process of the very program that users deploy, and the faults that can be done to them.</summary>
/// <remarks>
/// Whatever happens, no process stays behind: disposing the cluster kills every one of them, and when this process is
/// itself killed its silos end with it, also those that are paused.
/// </remarks>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly LocalClusterOptions _options;
    private readonly PortReservation? _reservation;
    private readonly Dictionary<string, SiloSupervisor> _silos;

    private LocalCluster(LocalClusterOptions options)
    {
        _options = options;
        _reservation = options is { Ports: null, Network: null } ? PortReservation.Take(2 * options.Silos, options.Chance) : null;
        var ports = options.Ports ?? _reservation?.Ports
            ?? [.. Enumerable.Repeat<int[]>([SiloNetwork.SiloPort, SiloNetwork.GatewayPort], options.Silos).SelectMany(pair => pair)];
        Events = new SiloEvents(options.TimeProvider);
        Slots = [.. Enumerable.Range(1, options.Silos).Select(i => NewSlot(i, ports[(2 * i) - 2], ports[(2 * i) - 1]))];
        _silos = Slots.ToDictionary(slot => slot.Name, slot => new SiloSupervisor(options, slot, Events));
    }

    /// <summary>Gets the silos' places.</summary>
    public IReadOnlyList<SiloSlot> Slots { get; }

    /// <summary>Gets what the silos tell.</summary>
    public SiloEvents Events { get; }

    /// <summary>Starts all silos at once and waits until each is ready.</summary>
    /// <exception cref="SiloEndedException">A silo has ended instead. Nothing is left behind.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var cluster = new LocalCluster(options);
        try
        {
            await Task.WhenAll(cluster.Slots.Select(slot => cluster.StartAsync(slot.Name, cancellationToken)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns a silo's newest process.</summary>
    /// <exception cref="KeyNotFoundException">There is no silo of this name.</exception>
    public SiloProcess Process(string name) => _silos[name].Process;

    /// <summary>Starts a silo that is not running, under its name and on its ports, and waits until it is ready.</summary>
    /// <exception cref="SiloEndedException">It has ended instead.</exception>
    public Task StartAsync(string name, CancellationToken cancellationToken = default) => _silos[name].StartAsync(cancellationToken);

    /// <summary>Lets a silo leave in order, and does not start it again.</summary>
    /// <returns>The exit code of its process.</returns>
    public Task<int> StopAsync(string name) => _silos[name].StopAsync();

    /// <summary>Lets all silos leave in order.</summary>
    public Task StopAsync() => Task.WhenAll(_silos.Values.Select(silo => silo.StopAsync()));

    /// <summary>Returns the ends of all silos' logs, to be shown when something hangs.</summary>
    public string LogTails() => string.Join("\n\n", _silos.Values.Select(silo => $"=== {silo.Process.Slot.Name}\n{silo.Process.LogTail()}"));

    /// <summary>Kills every process that is still there, and waits for their ends.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Values)
        {
            await silo.DisposeAsync();
        }

        _reservation?.Dispose();
    }

    private SiloSlot NewSlot(int number, int siloPort, int gatewayPort)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"silo-{number}");
        return new SiloSlot(name, siloPort, gatewayPort, Path.GetFullPath(Path.Join(_options.Folder, "logs", $"{name}.log")))
        {
            Network = _options.Network?.Nodes[number - 1],
        };
    }
}
