namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>The locks of a data folder for which a process that stands still with one of them is ended by those who wait for it.</summary>
internal static class FolderLocks
{
    /// <summary>Returns whether a process holds one. Of a process that does not stand still, the answer is old when it comes.</summary>
    public static bool IsHeldBy(string folder, int process) =>
        Files(folder, "*.lock").Any(file => KernelLocks.IsHeldBy(file, process, KernelLocks.WholeFile))
        || Files(folder, $"*{LogHolderWatch.SharedMemory}").Any(file =>
            KernelLocks.IsHeldBy(file, process, KernelLocks.SomeBytes, LogHolderWatch.FirstByte, LogHolderWatch.LastByte));

    private static IEnumerable<FileIdentity> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern).Select(path => FileIdentity.Of(path)).OfType<FileIdentity>();
}
