using System.Text.RegularExpressions;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Says why a silo could not start, in the silo's own words.</summary>
internal static partial class SiloFailure
{
    private const int MaxLines = 12;
    private const int MaxLineLength = 300;

    /// <summary>What the driver writes into a log after each life of a silo.</summary>
    private const string EndOfLife = "--- process ";

    public static string Explain(SiloEndedException ended)
    {
        var reason = string.Join("\n  ", Reason(ended.LogTail));
        return $"{ended.Node} could not start (exit code {ended.ExitCode}). It says:\n  {reason}\nIts log is {ended.LogFile}";
    }

    /// <summary>
    /// Returns what a silo said at the very end of its newest life: it ends with the reason in plain words, below what it logged. One that
    /// was killed has not come to that; then the last of its log must do.
    /// </summary>
    /// <param name="log">The end of a log that goes over many lives.</param>
    internal static IReadOnlyList<string> Reason(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).ToList();
        if (lines is [.., var last] && last.StartsWith(EndOfLife, StringComparison.Ordinal))
        {
            lines.RemoveAt(lines.Count - 1);
        }

        var life = lines[(lines.FindLastIndex(line => line.StartsWith(EndOfLife, StringComparison.Ordinal)) + 1)..];
        var words = life[(life.FindLastIndex(line => LoggedLine().IsMatch(line)) + 1)..];
        return [.. (words.Count > 0 ? words : life).TakeLast(MaxLines).Select(line => line.Length <= MaxLineLength ? line : $"{line[..MaxLineLength]}…")];
    }

    /// <summary>A line of the silo's log starts with the time.</summary>
    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d\d\d ")]
    private static partial Regex LoggedLine();
}
