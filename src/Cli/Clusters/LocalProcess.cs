using FaultTolerance.Grains.Nodes;
using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Cli.Clusters;

/// <summary>Processes of this machine that other processes have noted. One is only ever known by its id and its start together: ids come round again.</summary>
internal static class LocalProcess
{
    private static readonly ProcessIdentity Self = ProcessIdentity.OfThisProcess();

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Names a process; null when there is none with this id any more.</summary>
    public static ProcessIdentity? Find(int processId) =>
        ProcessSighting.Of(processId) is { IsEnded: false } seen ? Self with { ProcessId = processId, Start = seen.Start } : null;

    /// <summary>Returns whether the very process is still there.</summary>
    public static bool IsLiving(ProcessIdentity? process) =>
        process is not null
        && process.Machine == Self.Machine
        && ProcessSighting.Of(process.ProcessId) is { IsEnded: false } seen
        && seen.Start == process.Start;

    /// <summary>Asks the process to leave in order. Does nothing when it has gone.</summary>
    public static bool Terminate(ProcessIdentity process) => Signal(process, ProcessSignal.Terminate);

    /// <summary>Ends the process at once. Does nothing when it has gone.</summary>
    public static bool Kill(ProcessIdentity process) => Signal(process, ProcessSignal.Kill);

    /// <summary>Has the process stand still, as it does on return. Does nothing when it has gone.</summary>
    public static bool Pause(ProcessIdentity process)
    {
        if (!Signal(process, ProcessSignal.Stop))
        {
            return false;
        }

        ProcessStandstill.Await(process.ProcessId);
        return true;
    }

    /// <summary>Lets it go on. Does nothing when it has gone.</summary>
    public static bool Resume(ProcessIdentity process) => Signal(process, ProcessSignal.Continue);

    /// <summary>Waits for the end of a process that is not a child of this one, of which the kernel tells nobody.</summary>
    /// <returns>Whether it has ended within the limit.</returns>
    public static async Task<bool> WaitForEndAsync(ProcessIdentity process, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (IsLiving(process))
        {
            if (timeProvider.GetElapsedTime(start) >= limit)
            {
                return false;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return true;
    }

    /// <returns>Whether it was still there.</returns>
    private static bool Signal(ProcessIdentity process, int signal) => IsLiving(process) && ProcessSignal.Send(process.ProcessId, signal);
}
