namespace FaultTolerance.Grains.Nodes;

/// <summary>Names a process for good: the machine, the process id, and when the process started.</summary>
/// <param name="Machine">The machine since it started, and its space of process ids; empty where that cannot be told.</param>
/// <param name="ProcessId">The process id in that space.</param>
/// <param name="Start">When the process started, in clock ticks since the machine did.</param>
internal sealed record ProcessIdentity(string Machine, int ProcessId, long Start)
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const string ProcessSpace = "/proc/self/ns/pid";

    /// <summary>Returns who this process is.</summary>
    public static ProcessIdentity OfThisProcess()
    {
        var id = Environment.ProcessId;
        var seen = ProcessSighting.Of(id);
        return seen is null ? new ProcessIdentity("", id, 0) : new ProcessIdentity(MachineName(), id, seen.Start);
    }

    private static string MachineName()
    {
        // Containers on one machine share the boot but not the process ids.
        var space = new FileInfo(ProcessSpace).LinkTarget;
        return File.Exists(BootId) && space is not null ? $"{File.ReadAllText(BootId).Trim()}/{space}" : "";
    }
}
