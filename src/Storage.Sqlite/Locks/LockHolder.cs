using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>Who holds a lock, as the holder itself writes it into the lock's file.</summary>
/// <param name="Process">The process id.</param>
/// <param name="Start">When the process started, in clock ticks since boot: with the id it names the process for good.</param>
/// <param name="Thread">The thread that writes.</param>
/// <param name="Space">The process namespace in which the ids are valid.</param>
/// <param name="Hold">Counts the times that the process has held this lock; 0 for a holder that has not signed and is known from the kernel.</param>
/// <param name="IsDebugged">Whether a managed debugger, which leaves no trace outside, was attached.</param>
internal sealed record LockHolder(int Process, long Start, int Thread, string Space, long Hold, bool IsDebugged)
{
    /// <summary>The length of a record, in bytes. It is overwritten in place, so that a full disk cannot refuse it.</summary>
    public const int ByteLength = 128;

    /// <summary>Returns the calling thread as a holder to be.</summary>
    public static LockHolder Current(long hold) => new(
        Environment.ProcessId,
        ProcessFacts.Read(Environment.ProcessId)?.Start ?? 0,
        NativeMethods.ThreadId(),
        CurrentSpace(),
        hold,
        Debugger.IsAttached);

    /// <summary>Returns a holder that the kernel has named: always one of this process namespace. Which of its threads writes is not known.</summary>
    public static LockHolder ByKernel(int process, long start) => new(process, start, process, CurrentSpace(), 0, IsDebugged: false);

    /// <summary>Returns the process namespace of this process, such as <c>pid:[4026531836]</c>.</summary>
    public static string CurrentSpace() => new FileInfo("/proc/self/ns/pid").LinkTarget ?? "-";

    /// <summary>Returns the record's text, padded to <see cref="ByteLength"/>.</summary>
    public byte[] ToBytes() => Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Process} {Start} {Thread} {Space} {Hold} {(IsDebugged ? 1 : 0)} .").PadRight(ByteLength));

    /// <summary>Reads a record; a file that is blank, cut off or written by a stranger names nobody.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LockHolder? holder)
    {
        holder = null;
        var parts = Encoding.ASCII.GetString(bytes).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [var process, var start, var thread, var space, var hold, var debugged, "."]
            || !int.TryParse(process, CultureInfo.InvariantCulture, out var processId)
            || !long.TryParse(start, CultureInfo.InvariantCulture, out var started)
            || !int.TryParse(thread, CultureInfo.InvariantCulture, out var threadId)
            || !long.TryParse(hold, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        holder = new LockHolder(processId, started, threadId, space, count, debugged == "1");
        return true;
    }
}
