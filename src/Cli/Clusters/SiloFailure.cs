using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Says why a silo could not start, in the silo's own words.</summary>
internal static class SiloFailure
{
    private const int MaxLines = 12;

    /// <summary>What the driver writes into a log after each life of a silo.</summary>
    private const string EndOfLife = "--- process ";

    public static string Explain(SiloEndedException ended)
    {
        var reason = string.Join("\n  ", NewestLife(ended.LogTail));
        return $"{ended.Node} could not start (exit code {ended.ExitCode}). It says:\n  {reason}\nIts log is {ended.LogFile}";
    }

    /// <summary>Returns the last lines of the newest life in a log that goes over many.</summary>
    internal static IEnumerable<string> NewestLife(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        if (lines is [.., var last] && last.StartsWith(EndOfLife, StringComparison.Ordinal))
        {
            lines.RemoveAt(lines.Count - 1);
        }

        var before = lines.FindLastIndex(line => line.StartsWith(EndOfLife, StringComparison.Ordinal));
        return lines.Skip(before + 1).TakeLast(MaxLines);
    }
}
