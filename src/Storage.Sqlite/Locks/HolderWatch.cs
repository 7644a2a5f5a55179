using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>Looks at the holder of a lock for as long as somebody waits for it, and ends one that is stopped or hangs.</summary>
/// <remarks>
/// The waiter itself sleeps in the kernel, so the looks come from a timer. When the holder is ended the kernel gives its lock
/// back, and the waiter goes on. SQLite rolls back what the dead one had not committed.
/// </remarks>
internal sealed partial class HolderWatch : IDisposable
{
    private readonly FileLock _lock;
    private readonly string _name;
    private readonly TimeSpan _period;
    private readonly ILogger _logger;
    private readonly LockHolder _own = LockHolder.Current(0);
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private HolderLook? _before;
    private bool _isArmed;

    public HolderWatch(FileLock @lock, string name, TimeSpan period, TimeProvider timeProvider, ILogger logger)
    {
        (_lock, _name, _period, _logger) = (@lock, name, period, logger);
        _timer = timeProvider.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts to look, each time that the period has passed. Called before waiting for the lock.</summary>
    public void Arm()
    {
        lock (_gate)
        {
            (_isArmed, _before) = (true, null);
            _timer.Change(_period, _period);
        }
    }

    /// <summary>Ends looking. Called when the lock is ours.</summary>
    public void Disarm()
    {
        lock (_gate)
        {
            _isArmed = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            if (!_isArmed)
            {
                return;
            }

            var look = Look(_lock.ReadHolder());
            if (!look.IsKnown)
            {
                look = Look(_lock.FindHolder());
            }

            var verdict = look.Judge(_own, _before);
            _before = look;
            Act(IsSure(verdict, look) ? verdict : HolderVerdict.Working, look);
        }
    }

    private static HolderLook Look(LockHolder? holder) => new(holder, holder is null ? null : ProcessFacts.Read(holder.Process, holder.Thread));

    /// <summary>A process that the kernel named may have given the lock back before it was stopped; one that still holds it when it is known to be stopped has not.</summary>
    private bool IsSure(HolderVerdict verdict, HolderLook look) =>
        verdict != HolderVerdict.Stopped || look.Holder!.Hold > 0 || look.Holder == _lock.FindHolder();

    private void Act(HolderVerdict verdict, HolderLook look)
    {
        if (verdict is not (HolderVerdict.Stopped or HolderVerdict.Hung))
        {
            LogWaited(_logger, _name, look.Holder?.Process ?? 0, verdict);
        }
        else if (NativeMethods.Kill(look.Holder!.Process, NativeMethods.SignalKill) == 0)
        {
            LogEnded(_logger, _name, look.Holder.Process, verdict, _period.TotalSeconds);
        }
        else
        {
            LogNotEnded(_logger, _name, look.Holder.Process, verdict);
        }
    }

    [LoggerMessage(SqliteEventIds.LockWaitedFor, LogLevel.Information, "Lock {Lock} is held by process {Process} ({Verdict}) and was waited for longer than usual.")]
    private static partial void LogWaited(ILogger logger, string @lock, int process, HolderVerdict verdict);

    [LoggerMessage(SqliteEventIds.LockHolderEnded, LogLevel.Warning, "Lock {Lock} was held by process {Process}, which was {Verdict}, for {Seconds} s; it was ended with SIGKILL, so that the store goes on.")]
    private static partial void LogEnded(ILogger logger, string @lock, int process, HolderVerdict verdict, double seconds);

    [LoggerMessage(SqliteEventIds.LockHolderNotEnded, LogLevel.Error, "Lock {Lock} is held by process {Process}, which is {Verdict} and could not be ended. End it by hand: every write to the store waits for it.")]
    private static partial void LogNotEnded(ILogger logger, string @lock, int process, HolderVerdict verdict);
}
