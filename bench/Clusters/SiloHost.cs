using System.Globalization;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Bench.Clusters;

/// <summary>The host that users deploy, which lies beside the bench, as the program of a local cluster.</summary>
internal static class SiloHost
{
    /// <summary>The name of every cluster and service: each cluster has a store of its own, so one name serves all.</summary>
    public const string ClusterName = "bench";

    private const string Section = "FaultTolerance";

    /// <summary>Makes the program. The settings go by environment, where other users of the machine do not see them.</summary>
    /// <param name="store">Where the cluster keeps its data.</param>
    /// <param name="settings">Further settings of the host; none when null.</param>
    /// <exception cref="BenchException">The host is not there.</exception>
    public static SiloProgram Program(StorePlace store, IReadOnlyDictionary<string, string>? settings = null) => new()
    {
        Path = Find(),
        Arguments = slot =>
        [
            $"--{Section}:Name", slot.Name,
            $"--{Section}:ClusterId", ClusterName,
            $"--{Section}:ServiceId", ClusterName,
            $"--{Section}:Address", "127.0.0.1",
            $"--{Section}:SiloPort", Text(slot.SiloPort),
            $"--{Section}:GatewayPort", Text(slot.GatewayPort),
            $"--{Section}:HttpPort", "0",
            $"--{Section}:Handlers", Path.Join(AppContext.BaseDirectory, "handlers"),
        ],
        Environment = _ => store.SiloSettings.Concat(settings ?? new Dictionary<string, string>()).Select(setting =>
            KeyValuePair.Create($"{Section}__{setting.Key.Replace(":", "__", StringComparison.Ordinal)}", (string?)setting.Value)),
    };

    private static string Find()
    {
        var path = Path.Join(AppContext.BaseDirectory, "silo", "FaultTolerance.Orleans.Silo.dll");
        return File.Exists(path)
            ? path
            : throw new BenchException($"The silo host {path} is missing. Build the whole bench: dotnet build -c Release bench");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
