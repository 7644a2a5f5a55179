using System.Runtime.InteropServices;
using System.Text;

namespace FileManifest.Check;

/// <summary>Pipes, sockets and devices: they are no files, and reading them might never end.</summary>
internal static class SpecialFiles
{
    /// <summary>Returns whether the path leads to a file that is not a regular one.</summary>
    public static bool Contains(string path)
    {
        const int currentFolder = -100; // AT_FDCWD
        const int noFollow = 0x100; // AT_SYMLINK_NOFOLLOW
        const uint type = 0x1; // STATX_TYPE
        var status = new ushort[128];
        return OperatingSystem.IsLinux()
            && StatX(currentFolder, Encoding.UTF8.GetBytes(path + '\0'), noFollow, type, status) == 0
            && (status[14] & 0xF000) != 0x8000; // stx_mode: S_IFMT, S_IFREG
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, [In, Out] ushort[] status);
}
