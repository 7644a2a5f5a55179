using System.Globalization;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Clusters;

/// <summary>The host that users deploy, which lies beside <c>ft</c>, as the program of a local cluster.</summary>
internal static class SiloHostProgram
{
    /// <summary>The name of the cluster and of the service: each cluster has a store of its own, so one name serves all.</summary>
    public const string ClusterName = "faulttolerance";

    private const string Section = "FaultTolerance";

    /// <summary>Makes the program.</summary>
    /// <param name="settings">The host's settings that all silos share, by name. They go by environment, where other users of the machine do not see them.</param>
    /// <param name="handlers">The folder of the handler assemblies; those beside <c>ft</c> when null.</param>
    /// <exception cref="UsageException">The host is not there.</exception>
    public static SiloProgram Create(IReadOnlyDictionary<string, string> settings, string? handlers = null) => new()
    {
        Path = Find(),
        Arguments = slot =>
        [
            $"--{Section}:Name", slot.Name,
            $"--{Section}:ClusterId", ClusterName,
            $"--{Section}:ServiceId", ClusterName,
            $"--{Section}:Address", slot.Network?.Address.ToString() ?? "127.0.0.1",
            $"--{Section}:SiloPort", Text(slot.SiloPort),
            $"--{Section}:GatewayPort", Text(slot.GatewayPort),
            $"--{Section}:HttpPort", "0",
            $"--{Section}:Handlers", handlers ?? Path.Join(AppContext.BaseDirectory, "handlers"),
        ],
        Environment = _ => settings.Select(setting => KeyValuePair.Create($"{Section}__{setting.Key.Replace(":", "__", StringComparison.Ordinal)}", (string?)setting.Value)),
    };

    private static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "FaultTolerance.Orleans.Silo.exe" : "FaultTolerance.Orleans.Silo";
        var path = Path.Join(AppContext.BaseDirectory, "silo", name);
        return File.Exists(path)
            ? path
            : throw new UsageException($"The silo host {path} is missing. Build the whole of ft: dotnet build -c Release src/Cli");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
