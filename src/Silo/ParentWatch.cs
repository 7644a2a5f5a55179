using System.Runtime.InteropServices;

namespace FaultTolerance.Silo;

/// <summary>Ends this process with its parent: in order when the pipe to the parent closes, and by the kernel should this process be stopped just then.</summary>
internal sealed partial class ParentWatch(IHostApplicationLifetime lifetime) : IHostedService
{
    private const int SetParentDeathSignal = 1; // PR_SET_PDEATHSIG
    private const int SigKill = 9;

    /// <summary>Asks the kernel to kill this process when the thread that started it ends.</summary>
    /// <exception cref="FaultToleranceException">The kernel refuses, or the parent has ended already.</exception>
    public static void DieWithParent(int parent)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        if (prctl(SetParentDeathSignal, SigKill, 0, 0, 0) != 0)
        {
            throw new FaultToleranceException($"The kernel refused to tie the silo to its parent (errno {Marshal.GetLastPInvokeError()}).");
        }

        // The kernel only tells of deaths from now on.
        if (getppid() != parent)
        {
            throw new FaultToleranceException($"The silo was to live with process {parent}, which is not its parent any more.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A thread of its own: the read blocks for the process's whole life.
        new Thread(WaitForEnd) { IsBackground = true, Name = "parent watch" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void WaitForEnd()
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (input.Read(buffer) > 0)
        {
        }

        lifetime.StopApplication();
    }

    [LibraryImport("libc")]
    private static partial int getppid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint arg2, nuint arg3, nuint arg4, nuint arg5);
}
