using System.Globalization;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>Who holds a lock, as the kernel has it: <c>/proc/locks</c>.</summary>
internal static class KernelLocks
{
    /// <summary>The kind of lock that <c>flock</c> takes, on a whole file.</summary>
    public const string WholeFile = "FLOCK";

    /// <summary>The kind of lock that <c>fcntl</c> takes, on some bytes of a file.</summary>
    public const string SomeBytes = "POSIX";

    private const string Table = "/proc/locks";

    /// <summary>Returns the process that holds an exclusive lock on a file; null when the kernel tells none that is to be seen from here.</summary>
    /// <param name="file">
    /// The file. The table's numbers of devices are not those of every file system: so only a process that has this very file open is believed.
    /// </param>
    /// <param name="kind">The kind of lock.</param>
    /// <param name="first">The first byte that may be locked.</param>
    /// <param name="last">The last byte that may be locked.</param>
    public static int? HolderOf(FileIdentity file, string kind, long first = 0, long last = long.MaxValue)
    {
        try
        {
            return Holders(File.ReadLines(Table), file.Inode, kind, first, last)
                .Where(process => HasOpen(process, file))
                .Select(process => (int?)process)
                .FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Returns whether a process is among those that hold an exclusive lock on a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="process">The process.</param>
    /// <param name="kind">The kind of lock.</param>
    /// <param name="first">The first byte that may be locked.</param>
    /// <param name="last">The last byte that may be locked.</param>
    public static bool IsHeldBy(FileIdentity file, int process, string kind, long first = 0, long last = long.MaxValue)
    {
        try
        {
            return Holders(File.ReadLines(Table), file.Inode, kind, first, last).Contains(process) && HasOpen(process, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads the processes that hold an exclusive lock on a file out of the kernel's table. Those who wait for one are marked and left out.</summary>
    public static IEnumerable<int> Holders(IEnumerable<string> table, ulong inode, string kind, long first = 0, long last = long.MaxValue)
    {
        foreach (var line in table)
        {
            // 7: FLOCK  ADVISORY  WRITE 4711 08:01:131074 0 EOF    and for one that waits    7: -> FLOCK  ADVISORY  WRITE 4712 …
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is [_, var found, _, "WRITE", var process, var file, var begin, var end]
                && found == kind
                && file.Split(':') is [_, _, var number]
                && ulong.TryParse(number, CultureInfo.InvariantCulture, out var fileNumber)
                && fileNumber == inode
                && int.TryParse(process, CultureInfo.InvariantCulture, out var id)
                && id > 0
                && long.TryParse(begin, CultureInfo.InvariantCulture, out var from)
                && from <= last
                && (!long.TryParse(end, CultureInfo.InvariantCulture, out var to) || to >= first))
            {
                yield return id;
            }
        }
    }

    // By the file itself and not by its path, which may lead to it through a symbolic link.
    private static bool HasOpen(int process, FileIdentity file)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Any(link => FileIdentity.Of(link) == file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or another user's
        }
    }
}
