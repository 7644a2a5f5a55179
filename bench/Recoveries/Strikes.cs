using FaultTolerance.Testing.Processes;

namespace FaultTolerance.Bench.Recoveries;

/// <summary>Does faults to processes.</summary>
internal static class Strikes
{
    /// <summary>Strikes a silo.</summary>
    public static void Strike(this LocalCluster silos, string name, Fault fault)
    {
        var process = silos.Process(name);
        if (!(fault == Fault.Kill ? process.Kill() : process.Pause()))
        {
            throw new BenchException($"{name} was to be struck and had ended before.\n{process.LogTail()}");
        }
    }

    /// <summary>Wakes a silo that was frozen and is dead for the others, and returns how long its process still ran; null for one that was killed.</summary>
    public static async Task<TimeSpan?> WakeAsync(this LocalCluster silos, string name, Fault fault, CancellationToken cancellationToken)
    {
        if (fault == Fault.Kill)
        {
            return null;
        }

        var woken = TimeProvider.System.GetTimestamp();
        silos.Process(name).Resume();
        await silos.Process(name).Ended.WaitAsync(cancellationToken);
        return TimeProvider.System.GetElapsedTime(woken);
    }

    /// <summary>Ends what is left of a silo that was struck, and starts it again.</summary>
    public static async Task StartAgainAsync(this LocalCluster silos, string name, CancellationToken cancellationToken)
    {
        silos.Process(name).Kill();
        await silos.Process(name).Ended.WaitAsync(cancellationToken);
        await silos.StartAsync(name, cancellationToken);
    }
}
