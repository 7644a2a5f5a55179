using System.Globalization;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>What the system says of a process and of one thread in it.</summary>
/// <param name="Start">When the process started, in clock ticks since boot.</param>
/// <param name="State">The thread's state: <c>R</c> runs, <c>S</c> sleeps, <c>D</c> waits for a disk, <c>T</c> is stopped, <c>t</c> is held by a tracer.</param>
/// <param name="Work">How much processor time the thread has used, in clock ticks.</param>
/// <param name="Tracer">The process that traces it, a debugger; 0 for none.</param>
/// <param name="Sleeps">How many times the thread has gone to sleep. One that naps over and over uses too little time for <paramref name="Work"/> to show it.</param>
internal sealed record ProcessFacts(long Start, char State, long Work, int Tracer, long Sleeps)
{
    // Positions in /proc/<id>/stat, counted from the state, which follows the name's closing parenthesis.
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int StartTime = 19;

    /// <summary>Returns the facts; null when there is no such process, or none that may be seen.</summary>
    public static ProcessFacts? Read(int process, int? thread = null)
    {
        try
        {
            var main = Stat($"/proc/{process}/stat");
            var place = thread is null ? $"/proc/{process}" : $"/proc/{process}/task/{thread}";
            var part = thread is null ? main : Stat($"{place}/stat");
            return new ProcessFacts(
                Number(main[StartTime]),
                part[0][0],
                Number(part[UserTime]) + Number(part[SystemTime]),
                (int)Field($"/proc/{process}/status", "TracerPid:"),
                Field($"{place}/status", "voluntary_ctxt_switches:"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null; // gone, perhaps half-way through our reading
        }
    }

    // The name may hold spaces and parentheses itself; only the last parenthesis ends it.
    private static string[] Stat(string path)
    {
        var text = File.ReadAllText(path);
        return text[(text.LastIndexOf(')') + 2)..].TrimEnd().Split(' ');
    }

    private static long Field(string path, string name)
    {
        var line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.AsSpan(name.Length).Trim(), CultureInfo.InvariantCulture);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
