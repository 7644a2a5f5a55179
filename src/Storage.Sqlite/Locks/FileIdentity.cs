using System.Buffers.Binary;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>What makes a file itself, whatever its path is now: its device and its number there.</summary>
/// <param name="DeviceMajor">The major number of the device.</param>
/// <param name="DeviceMinor">The minor number of the device.</param>
/// <param name="Inode">The file's number on the device.</param>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    // Of statx(2), from linux/stat.h and fcntl.h.
    private const int WorkingFolder = -100; // AT_FDCWD
    private const int DescriptorItself = 0x1000; // AT_EMPTY_PATH
    private const uint InodeWanted = 0x100; // STATX_INO
    private const int StatusLength = 256;
    private const int InodeOffset = 32;
    private const int DeviceMajorOffset = 136;
    private const int DeviceMinorOffset = 140;

    /// <summary>Returns the file that a path names now, through symbolic links; null when there is none, or none that may be seen.</summary>
    /// <remarks>Nothing is opened: to close a file again would drop the locks of this process on it.</remarks>
    public static FileIdentity? Of(string path) => Read(WorkingFolder, path, 0);

    /// <summary>Returns the file behind a descriptor.</summary>
    public static FileIdentity? Of(int descriptor) => Read(descriptor, "", DescriptorItself);

    private static FileIdentity? Read(int descriptor, string path, int flags)
    {
        Span<byte> status = stackalloc byte[StatusLength];
        return NativeMethods.FileStatus(descriptor, path, flags, InodeWanted, status) != 0
            ? null
            : new FileIdentity(
                BinaryPrimitives.ReadUInt32LittleEndian(status[DeviceMajorOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(status[DeviceMinorOffset..]),
                BinaryPrimitives.ReadUInt64LittleEndian(status[InodeOffset..]));
    }
}
