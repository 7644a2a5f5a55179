using System.ComponentModel;
using System.Runtime.InteropServices;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>An exclusive lock on a file, between processes and between two stores of one process.</summary>
/// <remarks>
/// <c>flock</c> belongs to the open file, not to the process: two stores in one process exclude each other too, closing another
/// descriptor of the same file drops nothing, and a process that dies, however it dies, gives it back. The kernel wakes
/// waiters at once, where SQLite's own busy handler sleeps and tries again.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private readonly string _path;
    private readonly int _descriptor;
    private readonly FileIdentity? _identity;
    private LockHolder? _holder;
    private bool _isDisposed;

    public FileLock(string path)
    {
        _path = path;
        _descriptor = NativeMethods.Open(path, NativeMethods.OpenReadWriteCreateCloseOnExec, 0b110_110_110);
        if (_descriptor < 0)
        {
            throw new StoreException(
                StoreFault.Unusable,
                $"The lock file '{path}' cannot be opened for writing ({LastError()}). Give the account of this process write access to its folder.");
        }

        _identity = FileIdentity.Of(_descriptor);
    }

    /// <summary>Gets a value indicating whether the path leads to another file now, or to none: who opens it today is not excluded by this lock.</summary>
    public bool IsMoved => FileIdentity.Of(_path) != _identity;

    /// <summary>Takes the lock if it is free.</summary>
    public bool TryAcquire() => Call(NativeMethods.LockExclusiveNonBlocking) == 0 && WriteHolder();

    /// <summary>Waits for the lock, however long it takes, and takes it.</summary>
    public void Acquire()
    {
        if (Call(NativeMethods.LockExclusive) != 0)
        {
            throw Failed("locked");
        }

        WriteHolder();
    }

    /// <summary>Gives the lock back.</summary>
    public void Release()
    {
        // A blank record keeps a waiter from blaming us for the hold of one who has not yet written its own.
        NativeMethods.Write(_descriptor, new byte[LockHolder.ByteLength], LockHolder.ByteLength, 0);
        if (Call(NativeMethods.Unlock) != 0)
        {
            throw Failed("unlocked");
        }
    }

    /// <summary>Returns who holds the lock, by the record in its file.</summary>
    public LockHolder? ReadHolder()
    {
        Span<byte> record = stackalloc byte[LockHolder.ByteLength];
        var length = NativeMethods.Read(_descriptor, record, record.Length, 0);
        return length == LockHolder.ByteLength && LockHolder.TryParse(record, out var holder) ? holder : null;
    }

    /// <summary>Returns who holds the lock, by the kernel's table.</summary>
    /// <remarks>
    /// Dearer than the record, and needed where that tells nothing: a process that is stopped is most often stopped at the end of
    /// a system call, and so between taking the lock and signing, or between blanking its record and giving the lock back.
    /// </remarks>
    public LockHolder? FindHolder() => _identity is { } file
        && KernelLocks.HolderOf(file, KernelLocks.WholeFile) is { } process
        && ProcessFacts.Read(process) is { } facts
            ? LockHolder.ByKernel(process, facts.Start)
            : null;

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            NativeMethods.Close(_descriptor);
        }
    }

    private bool WriteHolder()
    {
        _holder = _holder is null
            ? LockHolder.Current(1)
            : _holder with { Hold = _holder.Hold + 1, IsDebugged = System.Diagnostics.Debugger.IsAttached };
        if (NativeMethods.Write(_descriptor, _holder.ToBytes(), LockHolder.ByteLength, 0) == LockHolder.ByteLength)
        {
            return true;
        }

        var failure = Failed("written to");
        Call(NativeMethods.Unlock);
        throw failure;
    }

    private int Call(int operation)
    {
        int result;
        do
        {
            result = NativeMethods.Lock(_descriptor, operation);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == NativeMethods.ErrorInterrupted);

        if (result != 0 && Marshal.GetLastPInvokeError() != NativeMethods.ErrorWouldBlock)
        {
            throw Failed("locked");
        }

        return result;
    }

    private StoreException Failed(string what) =>
        new(StoreFault.Unreachable, $"The lock file '{_path}' could not be {what} ({LastError()}).");

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;
}
