using System.Buffers.Binary;
using System.Globalization;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>Who holds a lock, as the kernel has it: <c>/proc/locks</c>.</summary>
internal static class KernelLocks
{
    private const string Table = "/proc/locks";
    private const int DescriptorItself = 0x1000; // AT_EMPTY_PATH
    private const uint InodeWanted = 0x100; // STATX_INO
    private const int StatusLength = 256;
    private const int InodeOffset = 32;

    /// <summary>Returns the process that holds the exclusive lock on an open file; null when the kernel tells none that is to be seen from here.</summary>
    /// <param name="descriptor">The open file.</param>
    /// <param name="path">Its path: only a process that has it open too is believed to hold it, for files of two systems may have one number.</param>
    public static int? HolderOf(int descriptor, string path)
    {
        Span<byte> status = stackalloc byte[StatusLength];
        if (NativeMethods.FileStatus(descriptor, "", DescriptorItself, InodeWanted, status) != 0)
        {
            return null;
        }

        var inode = BinaryPrimitives.ReadUInt64LittleEndian(status[InodeOffset..]);
        var full = Path.GetFullPath(path);
        try
        {
            return Holders(File.ReadLines(Table), inode).Where(process => HasOpen(process, full)).Select(process => (int?)process).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the processes that hold an exclusive <c>flock</c> on a file out of the kernel's table. Those who wait for one are marked and left out.</summary>
    public static IEnumerable<int> Holders(IEnumerable<string> table, ulong inode)
    {
        foreach (var line in table)
        {
            // 7: FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF    and for one that waits    7: -> FLOCK  ADVISORY  WRITE 4712 …
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is [_, "FLOCK", _, "WRITE", var process, var file, ..]
                && file.Split(':') is [_, _, var number]
                && ulong.TryParse(number, CultureInfo.InvariantCulture, out var found)
                && found == inode
                && int.TryParse(process, CultureInfo.InvariantCulture, out var id)
                && id > 0)
            {
                yield return id;
            }
        }
    }

    private static bool HasOpen(int process, string path)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(link => File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName == path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or another user's
        }
    }
}
