using System.Runtime.InteropServices;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>Ends a process by SIGKILL, and never another one that has its id by now.</summary>
internal static class ProcessKill
{
    private const int OpenProcess = 434; // pidfd_open, since Linux 5.3; the numbers are the same on x64 and arm64
    private const int SendSignal = 424; // pidfd_send_signal

    /// <summary>Ends the process with this id if it is the one that started then.</summary>
    /// <param name="process">The process id.</param>
    /// <param name="start">When it started, in clock ticks since boot.</param>
    /// <returns>Whether the signal was sent.</returns>
    /// <remarks>
    /// The descriptor keeps naming the process that had the id when it was opened. Where the kernel, or what filters its calls, has no such
    /// thing, the id is used right after the look at its start.
    /// </remarks>
    public static bool TryKill(int process, long start)
    {
        var descriptor = (int)NativeMethods.SystemCall(OpenProcess, process, 0, 0, 0);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() != NativeMethods.ErrorNoProcess
                && HasStarted(process, start)
                && NativeMethods.Kill(process, NativeMethods.SignalKill) == 0;
        }

        try
        {
            return HasStarted(process, start) && NativeMethods.SystemCall(SendSignal, descriptor, NativeMethods.SignalKill, 0, 0) == 0;
        }
        finally
        {
            NativeMethods.Close(descriptor);
        }
    }

    private static bool HasStarted(int process, long start) => ProcessFacts.Read(process)?.Start == start;
}
