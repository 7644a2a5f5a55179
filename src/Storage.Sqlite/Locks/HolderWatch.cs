using System.Globalization;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>Looks at the holder of a lock for as long as somebody waits for it, and ends one that is stopped or hangs.</summary>
/// <remarks>
/// The waiter itself sleeps in the kernel, so the looks come from a timer. When the holder is ended the kernel gives its lock
/// back, and the waiter goes on. SQLite rolls back what the dead one had not committed.
/// </remarks>
internal sealed partial class HolderWatch : IDisposable
{
    /// <summary>How many looks in a row may find nobody who could be ended before those who wait are told so: a record that was just blanked is no such case.</summary>
    public const int PatientLooks = 3;

    private readonly FileLock _lock;
    private readonly string _name;
    private readonly TimeSpan _period;
    private readonly Action<string> _giveUp;
    private readonly ILogger _logger;
    private readonly HolderEnd _end;
    private readonly LockHolder _own = LockHolder.Current(0);
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private HolderLook? _before;
    private int _vainLooks;
    private bool _isArmed;

    /// <summary>Creates the watch.</summary>
    /// <param name="lock">The lock.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="period">How long a holder is given, and how often it is looked at.</param>
    /// <param name="giveUp">Told why nothing can be done about the holder, again with each look. Never called while the watch is disarmed.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where it is told what was done.</param>
    public HolderWatch(FileLock @lock, string name, TimeSpan period, Action<string> giveUp, TimeProvider timeProvider, ILogger logger)
    {
        (_lock, _name, _period, _giveUp, _logger) = (@lock, name, period, giveUp, logger);
        _end = new HolderEnd(name, period, logger);
        _timer = timeProvider.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts to look, each time that the period has passed. Called before waiting for the lock.</summary>
    public void Arm()
    {
        lock (_gate)
        {
            (_isArmed, _before, _vainLooks) = (true, null, 0);
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

            var look = HolderLook.At(_lock.ReadHolder());
            if (!look.IsKnown)
            {
                look = HolderLook.At(_lock.FindHolder());
            }

            var verdict = look.Judge(_own, _before);
            _before = look;
            if (_vainLooks >= PatientLooks && verdict == HolderVerdict.Unknown)
            {
                _giveUp(Reason(look)); // the log has it already
            }
            else if (_end.Act(IsSure(verdict, look) ? verdict : HolderVerdict.Working, look))
            {
                _vainLooks = 0;
            }
            else if (++_vainLooks >= PatientLooks)
            {
                LogNobodyToEnd(_logger, Reason(look));
                _giveUp(Reason(look));
            }
        }
    }

    /// <summary>A process that the kernel named may have given the lock back before it was stopped; one that still holds it when it is known to be stopped has not.</summary>
    private bool IsSure(HolderVerdict verdict, HolderLook look) =>
        verdict != HolderVerdict.Stopped || look.Holder!.Hold > 0 || look.Holder == _lock.FindHolder();

    private string Reason(HolderLook look) => look.IsKnown && look.Holder.Space == _own.Space
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"Lock {_name} is held by process {look.Holder.Process}, which does not go on and could not be ended from here. End it by hand.")
        : $"Lock {_name} is held by a process that cannot be seen from here: it runs in another container (process namespace), or /proc hides it (hidepid). " +
          "If it does not go on, end it by hand: 'lslocks' on the host names it. Run all silos of one data folder as one user and in one process namespace.";

    [LoggerMessage(SqliteEventIds.LockHolderUnknown, LogLevel.Error, "{Reason} Every write to the store waits for it.")]
    private static partial void LogNobodyToEnd(ILogger logger, string reason);
}
