using System.Globalization;

namespace FaultTolerance.Testing.Processes;

/// <summary>Waits until a process that was sent SIGSTOP stands still: of one that is no child of this one, the kernel tells only those who look.</summary>
internal static class ProcessStandstill
{
    /// <summary>How long it is waited for: a thread that waits for a disk stops when it has it, and one that somebody lets go on at once never does.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Returns once every thread of the process stands still or is gone: some microseconds, as a rule.</summary>
    public static void Await(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            SpinWait.SpinUntil(() => IsStill(processId), Limit);
        }
    }

    // Each thread stops by itself, the main one often first, while another may still come to the end of a write that it is in.
    private static bool IsStill(int processId)
    {
        try
        {
            return Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task")).All(IsThreadStill);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true; // it has ended
        }
    }

    private static bool IsThreadStill(string thread)
    {
        try
        {
            // 4711 (name) T 4710 …: the name may hold spaces and brackets. T is stopped, t held by a tracer, Z and X have ended.
            var stat = File.ReadAllText(Path.Join(thread, "stat"));
            return stat[stat.LastIndexOf(')') + 2] is 'T' or 't' or 'Z' or 'X';
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true; // it has ended
        }
    }
}
