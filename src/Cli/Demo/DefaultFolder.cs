using System.Runtime.InteropServices;

namespace FaultTolerance.Cli.Demo;

/// <summary>Finds the folder that the demo reads when none is named: that of the newest .NET SDK beside the runtime that runs us.</summary>
internal static class DefaultFolder
{
    /// <exception cref="UsageException">There is no SDK there.</exception>
    public static string Find()
    {
        var runtime = RuntimeEnvironment.GetRuntimeDirectory(); // <root>/shared/Microsoft.NETCore.App/<version>/
        return FindBelow(Path.GetFullPath(Path.Join(runtime, "..", "..", "..")));
    }

    internal static string FindBelow(string root)
    {
        var sdks = Path.Join(root, "sdk");
        var newest = Directory.Exists(sdks) ? Directory.EnumerateDirectories(sdks).MaxBy(VersionOf) : null;
        return newest ?? throw new UsageException($"There is no .NET SDK below {root} to read. Name a folder: ft demo <folder>");
    }

    private static Version VersionOf(string folder) =>
        Version.TryParse(Path.GetFileName(folder).Split('-')[0], out var version) ? version : new Version();
}
