using System.Diagnostics;
using System.Globalization;

namespace FaultTolerance.Grains.Nodes;

/// <summary>A process of this machine as the kernel shows it.</summary>
/// <param name="Start">When it started, in clock ticks since the machine did.</param>
/// <param name="IsEnded">Whether it has ended and only waits for its parent to take note: a zombie in the kernel's sense.</param>
internal sealed record ProcessSighting(long Start, bool IsEnded)
{
    private const string Proc = "/proc";

    /// <summary>Looks at a process; null when there is none with this id.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="proc">Where the kernel shows processes.</param>
    /// <exception cref="IOException">The kernel would not show it.</exception>
    public static ProcessSighting? Of(int processId, string proc = Proc)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"{proc}/{processId}/stat")));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException || IsNoSuchProcess(exception))
        {
            return IsThere(processId) ? throw new IOException($"Process {processId} exists, but {proc} does not show it: it hides the processes of other users (hidepid).", exception) : null;
        }
    }

    /// <summary>Reads a line of <c>/proc/PID/stat</c> (proc(5)): the state is field 3, the start field 22.</summary>
    public static ProcessSighting Parse(string stat)
    {
        // Field 2 is the program's name in parentheses, and may hold spaces and parentheses of its own.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new ProcessSighting(long.Parse(fields[19], CultureInfo.InvariantCulture), fields[0] is "Z" or "X" or "x");
    }

    /// <summary>Asks the kernel by the signal 0 (kill(2)), which it answers about processes of others, too.</summary>
    private static bool IsThere(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // A process that ends while its file is being read.
    private static bool IsNoSuchProcess(Exception exception) => exception is IOException { HResult: 3 };
}
