using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FaultTolerance.Testing.Networks;

namespace FaultTolerance.Testing.Processes;

/// <summary>The program that is started as a silo.</summary>
/// <remarks>
/// It must keep three promises: it ends when its standard input ends; given <c>--die-with-parent PID</c> it sees to it that
/// the kernel kills it when that process ends; and it says <see cref="SiloEvent.Ready"/> on standard output.
/// </remarks>
public sealed record SiloProgram
{
    /// <summary>The environment variable that tells an executable where its runtime is.</summary>
    internal const string RuntimeRoot = "DOTNET_ROOT";

    /// <summary>Gets the path of the program: an executable, or a <c>.dll</c> to be run by <c>dotnet</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the arguments of a silo; none when null. <c>--die-with-parent</c> is added.</summary>
    public Func<SiloSlot, IEnumerable<string>>? Arguments { get; init; }

    /// <summary>Gets the environment variables of a silo beyond those of this process; a null value removes one.</summary>
    public Func<SiloSlot, IEnumerable<KeyValuePair<string, string?>>>? Environment { get; init; }

    internal ProcessStartInfo ToStartInfo(SiloSlot slot)
    {
        var isLibrary = Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        string[] command = isLibrary ? ["dotnet", Path] : [Path];
        if (slot.Network is { } network)
        {
            // It becomes the program: same process, same parent, so that signals and the pipe are the silo's own.
            command = ["nsenter", $"--net={NetworkCommands.PathOf(network.Namespace)}", "--", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Arguments?.Invoke(slot) ?? [])
        {
            start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add("--die-with-parent");
        start.ArgumentList.Add(System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        start.Environment.TryAdd(RuntimeRoot, RuntimeFolder()); // an executable does not find a runtime outside the usual places by itself
        foreach (var (name, value) in Environment?.Invoke(slot) ?? [])
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>The folder of the runtime that runs this process: three above that of its libraries.</summary>
    internal static string RuntimeFolder() => System.IO.Path.GetFullPath(System.IO.Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
