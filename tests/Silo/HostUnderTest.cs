using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Silo.Tests;

/// <summary>The very host that users deploy, as a process, with settings that a test chooses.</summary>
internal sealed class HostUnderTest : IDisposable
{
    private readonly Dictionary<string, string?> _settings = new() { ["ClusterId"] = "host", ["ServiceId"] = "host", ["HttpPort"] = "0" };

    private string[] _before = [];

    public HostUnderTest()
    {
        Folder = Directory.CreateTempSubdirectory("ft-host-").FullName;
        Set("Store", $"sqlite:{Path.Combine(Folder, "data")}");
    }

    public string Folder { get; }

    private static string Host => Path.Combine(AppContext.BaseDirectory, "silo", "FaultTolerance.Orleans.Silo.dll");

    /// <summary>Gives a setting by environment, as <c>FaultTolerance__NAME</c>.</summary>
    public HostUnderTest Set(string name, string? value)
    {
        _settings[name] = value;
        return this;
    }

    /// <summary>Gives the host a free port for health and metrics, and returns it.</summary>
    public int SetHttpPort()
    {
        var port = FreePort();
        Set("HttpPort", port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    /// <summary>Has the host run without the right of root to read what is forbidden to all; a plain user does not have it anyway.</summary>
    public HostUnderTest WithoutRightsOfRoot()
    {
        _before = Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
        return this;
    }

    /// <summary>Starts the host and waits until it is ready.</summary>
    /// <param name="silos">How many processes of it, together.</param>
    public Task<LocalCluster> StartAsync(int silos = 1) => LocalCluster.StartAsync(new LocalClusterOptions
    {
        Program = new SiloProgram
        {
            Path = _before is [var program, ..] ? program : Host,
            Arguments = _ => _before is [_, .. var arguments] ? [.. arguments, "dotnet", Host] : [],
            Environment = slot => Ports(slot).Concat(_settings).Select(setting => KeyValuePair.Create($"FaultTolerance__{setting.Key}", setting.Value)),
        },
        Folder = Folder,
        Silos = silos,
        Chance = Folder.GetHashCode(StringComparison.Ordinal),
    });

    /// <summary>Starts the host, which must refuse, and returns all that it said.</summary>
    public async Task<string> RefusedAsync()
    {
        var ended = await Assert.ThrowsAsync<SiloEndedException>(async () => await (await StartAsync()).DisposeAsync());
        var said = await File.ReadAllTextAsync(ended.LogFile);
        Assert.True(ended.ExitCode == 2, $"The exit code is {ended.ExitCode}.\n{said}");
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal); // no stack trace
        return said;
    }

    public static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    /// <summary>Returns a port of the loopback interface on which nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = Listen();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static Dictionary<string, string?> Ports(SiloSlot slot) => new()
    {
        ["Name"] = slot.Name,
        ["SiloPort"] = slot.SiloPort.ToString(CultureInfo.InvariantCulture),
        ["GatewayPort"] = slot.GatewayPort.ToString(CultureInfo.InvariantCulture),
    };
}
