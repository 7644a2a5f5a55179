using System.ComponentModel;
using System.Runtime.InteropServices;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Sqlite.Locks;

namespace FaultTolerance.Storage.Sqlite.Databases;

/// <summary>Tells local file systems from those that reach over a network, on which locks and shared memory do not hold.</summary>
internal static class FileSystems
{
    // The magic numbers of statfs(2), from linux/magic.h and the file systems' own sources.
    private static readonly Dictionary<uint, string> Shared = new()
    {
        [0x6969] = "nfs",
        [0x517B] = "smb",
        [0xFF534D42] = "cifs",
        [0xFE534D42] = "smb2",
        [0x65735546] = "fuse",
        [0x01021997] = "9p",
        [0x00C36400] = "ceph",
        [0x5346414F] = "afs",
        [0x6B414653] = "kafs",
        [0x73757245] = "coda",
        [0x564C] = "ncp",
        [0x01161970] = "gfs2",
        [0x7461636F] = "ocfs2",
        [0x0BD00BD0] = "lustre",
        [0x47504653] = "gpfs",
        [0x19830326] = "beegfs",
        [0xAAD7AAEA] = "panfs",
        [0x786F4256] = "vboxsf",
        [0xBACBACBC] = "vmhgfs",
    };

    /// <summary>Returns the name of the shared file system with this magic number; null for a local one.</summary>
    public static string? SharedName(uint magic) => Shared.GetValueOrDefault(magic);

    /// <summary>Returns the magic number of the file system on which a folder lies.</summary>
    /// <exception cref="StoreException">It cannot be determined.</exception>
    public static uint MagicOf(string folder)
    {
        Span<byte> status = stackalloc byte[256]; // struct statfs: 120 bytes, which begin with the type
        if (NativeMethods.FileSystemStatus(folder, status) != 0)
        {
            var error = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
            throw new StoreException(StoreFault.Unusable, $"The file system of the data folder '{folder}' cannot be determined ({error}).");
        }

        return (uint)MemoryMarshal.Read<nint>(status);
    }

    /// <summary>Refuses a folder that does not lie on a local disk.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="magic">The magic number of its file system.</param>
    /// <exception cref="StoreException">The folder lies on a shared file system.</exception>
    public static void RequireLocal(string folder, uint magic)
    {
        if (SharedName(magic) is { } name)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"The data folder '{folder}' lies on a network or user-space file system ({name}), on which SQLite's locks and shared memory are not safe. " +
                "Choose a folder on a local disk, or use PostgreSQL for silos on several machines.");
        }
    }
}
