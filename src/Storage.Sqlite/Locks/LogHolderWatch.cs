using System.Globalization;
using FaultTolerance.Storage.Engines;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>Looks at whoever holds a lock of SQLite's own in the writer's way, and ends one that stays stopped.</summary>
/// <remarks>
/// Writers exclude each other by the lock file. A process that only reads takes SQLite's own write lock too when it finds the index of the
/// write-ahead log half written by one that was killed, and makes it anew: stopped just then, it is in the way of all, and holds no lock of ours.
/// </remarks>
internal sealed class LogHolderWatch
{
    /// <summary>What the path of a database's shared memory has beyond the database's own.</summary>
    public const string SharedMemory = "-shm";

    // The bytes of the shared memory that SQLite locks to write, to copy the log and to make its index anew (WALINDEX_LOCK_OFFSET).
    public const long FirstByte = 120;
    public const long LastByte = 122;

    private readonly string _path;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _timeProvider;
    private readonly HolderEnd _end;
    private readonly LockHolder _own = LockHolder.Current(0);
    private LockHolder? _before;
    private long _since;

    /// <summary>Creates the watch.</summary>
    /// <param name="database">The database's path.</param>
    /// <param name="patience">How long a holder is given to go on.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where it is told what was done.</param>
    public LogHolderWatch(string database, TimeSpan patience, TimeProvider timeProvider, ILogger logger)
    {
        (_path, _patience, _timeProvider) = (database + SharedMemory, patience, timeProvider);
        _end = new HolderEnd(_path, patience, logger);
    }

    /// <summary>Looks who was in the way of a write, and ends it if it has been there and stopped for too long.</summary>
    /// <param name="failure">Why the write failed. It was made with the lock file's lock, so that whoever is in its way is no other writer of ours.</param>
    /// <returns>The failure, naming the process where there is one.</returns>
    public StoreException Explain(StoreException failure)
    {
        var look = HolderLook.At(FindHolder());
        if (!look.IsKnown || look.Holder.Process == _own.Process)
        {
            _before = null;
            return failure;
        }

        if (look.Holder != _before)
        {
            (_before, _since) = (look.Holder, _timeProvider.GetTimestamp());
        }
        else if (_timeProvider.GetElapsedTime(_since) >= _patience)
        {
            Act(look);
        }

        var message = string.Create(CultureInfo.InvariantCulture, $"{failure.Message} Process {look.Holder.Process} holds '{_path}'.");
        return new StoreException(failure.Fault, message, failure, failure.IsOutcomeUnknown);
    }

    /// <summary>Forgets who was in the way: a write has come through.</summary>
    public void Forget() => _before = null;

    private void Act(HolderLook look)
    {
        // It may have given the lock back before it was stopped; one that still holds it now has not.
        var verdict = look.Judge(_own, null);
        _end.Act(verdict == HolderVerdict.Stopped && look.Holder != FindHolder() ? HolderVerdict.Working : verdict, look);
    }

    // The kernel's table, and not F_GETLK: to open the file and close it again would drop every lock that this process has on it.
    private LockHolder? FindHolder() => FileIdentity.Of(_path) is { } file
        && KernelLocks.HolderOf(file, KernelLocks.SomeBytes, FirstByte, LastByte) is { } process
        && ProcessFacts.Read(process) is { } facts
            ? LockHolder.ByKernel(process, facts.Start)
            : null;
}
