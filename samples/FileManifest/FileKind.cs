using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FileManifest;

/// <summary>Tells regular files from pipes, sockets and devices, whose reading might never end.</summary>
internal static class FileKind
{
    // statx(2), because its result lies the same on every processor; the numbers are of the kernel's interface.
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint TypeWanted = 0x1;
    private const int ResultLength = 256;
    private const int ModeOffset = 28;
    private const int TypeBits = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Returns whether the path leads to a regular file. A path that leads nowhere counts as one: reading it says so.</summary>
    public static bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        var result = new byte[ResultLength];
        var name = System.Text.Encoding.UTF8.GetBytes(path + '\0');
        return StatX(CurrentFolder, name, DoNotFollow, TypeWanted, result) != 0
            || (BinaryPrimitives.ReadUInt16LittleEndian(result.AsSpan(ModeOffset)) & TypeBits) == Regular;
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] result);
}
