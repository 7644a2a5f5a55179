using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Bench.Reports;

/// <summary>What the figures depend on: the machine, the versions, and what the databases say of their durability.</summary>
internal static class Surroundings
{
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(BenchLab lab, BenchOptions options, string loadBefore)
    {
        var lines = OfMachine(loadBefore);
        lines["versions"] = $"Orleans {VersionOf(typeof(Grain))}, Npgsql {VersionOf(typeof(Npgsql.NpgsqlConnection))}, Hangfire {VersionOf(typeof(Hangfire.BackgroundJob))}";
        lines["topology"] = $"one client process, {options.Silos} silo processes a cluster, loopback, all on one machine";
        lines["rounds"] = options.Quick ? "one, short: figures mean nothing" : options.Rounds.ToString(CultureInfo.InvariantCulture);
        foreach (var description in await lab.DescribeStoresAsync())
        {
            lines[description.Engine] = Durability(description);
        }

        return lines;
    }

    /// <summary>Returns what every measurement depends on.</summary>
    public static Dictionary<string, string> OfMachine(string loadBefore) => new()
    {
        ["machine"] = $"{Processor()}, {Environment.ProcessorCount} cores for everything; load average {loadBefore} at the start, {Load()} at the end",
        ["system"] = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
        ["versions"] = $"Orleans {VersionOf(typeof(Grain))}",
    };

    /// <summary>Returns how many processes wanted to run over the last minute.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    /// <summary>Returns the same as a figure; 0 where the system does not tell.</summary>
    public static double LoadFigure() => double.TryParse(Load(), CultureInfo.InvariantCulture, out var load) ? load : 0;

    private static string Durability(StoreDescription description) =>
        string.Join(", ", description.Durability.Select(setting => $"{setting.Key} = {setting.Value}"));

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown processor"
        : RuntimeInformation.ProcessArchitecture.ToString();

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', ' ')[0].TrimEnd('.')
            ?? type.Assembly.GetName().Version!.ToString(3);
}
