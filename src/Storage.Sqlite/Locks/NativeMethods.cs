using System.Runtime.InteropServices;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>What the base library lacks: a lock that blocks, and the kind of a file system.</summary>
/// <remarks>
/// A <see cref="FileStream"/> is no substitute: it cannot wait for a lock, and it takes a shared one itself on every file it opens,
/// which would shut out every writer. The constants are Linux's, which are the same on x64 and arm64.
/// </remarks>
internal static partial class NativeMethods
{
    public const int OpenReadWriteCreateCloseOnExec = 0x2 | 0x40 | 0x80000;
    public const int LockExclusive = 2;
    public const int LockExclusiveNonBlocking = 2 | 4;
    public const int Unlock = 8;
    public const int SignalKill = 9;

    public const int ErrorNoProcess = 3;
    public const int ErrorInterrupted = 4;
    public const int ErrorWouldBlock = 11;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint Read(int descriptor, Span<byte> buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int ThreadId();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileStatus(int descriptor, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileSystemStatus(string path, Span<byte> status);
}
