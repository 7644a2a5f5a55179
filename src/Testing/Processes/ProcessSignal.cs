using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FaultTolerance.Testing.Processes;

/// <summary>Sends signals to processes that this process has started.</summary>
internal static class ProcessSignal
{
    public const int Kill = 9;
    public const int Terminate = 15;

    private const int NoSuchProcess = 3;
    private const int Interrupted = 4;
    private const int ProcessById = 1;
    private const int ThatStopped = 2;
    private const int SignalInfoLength = 128;

    public static int Stop { get; } = OperatingSystem.IsMacOS() ? 17 : 19;

    public static int Continue { get; } = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>Sends a signal; false when there is no such process any more.</summary>
    public static bool Send(int processId, int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Processes are killed, paused and resumed by signals, which Windows does not have; use Linux or WSL.");
        }

        if (SendSignal(processId, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error, $"Signal {signal} could not be sent to process {processId}.");
    }

    /// <summary>Returns once a child of this process, to which <see cref="Stop"/> was sent, stands still or is gone: some microseconds.</summary>
    public static void AwaitStopped(int processId)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var info = new byte[SignalInfoLength];
        while (WaitForChild(ProcessById, processId, info, ThatStopped) != 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);

    [DllImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static extern int WaitForChild(int kind, int processId, byte[] info, int options);
}
