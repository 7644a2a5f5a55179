using System.Runtime.InteropServices;

namespace FaultTolerance.Silo.Parents;

/// <summary>The process that started this one, for a silo that is not to outlive it.</summary>
internal static class ParentProcess
{
    private const int SetParentDeathSignal = 1;
    private const int Kill = 9;

    /// <summary>Has the kernel kill this process when its parent ends, even while this process is paused. Call it first, on the main thread.</summary>
    /// <param name="parentId">The parent's id, which the parent itself has given.</param>
    /// <returns>False when the parent has ended already: then this process must end too.</returns>
    /// <remarks>Other systems than Linux have no such signal; there the end of standard input alone ends the silo.</remarks>
    public static bool TryDieWith(int parentId)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        // The parent may have ended between its fork and this call, which would then never fire: so look only afterwards.
        return SetProcessOption(SetParentDeathSignal, Kill, 0, 0, 0) == 0 && GetParentId() == parentId;
    }

    /// <summary>Returns when the parent has closed the pipe to this process's standard input, or has ended.</summary>
    public static async Task WaitForEndOfInputAsync(Stream input, CancellationToken cancellationToken)
    {
        var ignored = new byte[256];
        try
        {
            while (await input.ReadAsync(ignored, cancellationToken) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return; // a broken pipe has ended as well
        }
    }

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int SetProcessOption(int option, nint value, nint unused3, nint unused4, nint unused5);

    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int GetParentId();
}
