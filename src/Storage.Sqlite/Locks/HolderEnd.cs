using Microsoft.Extensions.Logging;

namespace FaultTolerance.Storage.Sqlite.Locks;

/// <summary>Does what a look at the holder of a lock has led to: ends the holder, or tells of it.</summary>
/// <param name="name">The lock, for messages.</param>
/// <param name="period">How long the holder was given.</param>
/// <param name="logger">Where it is told.</param>
internal sealed partial class HolderEnd(string name, TimeSpan period, ILogger logger)
{
    /// <summary>Acts on a verdict.</summary>
    /// <returns>Whether to wait makes sense: the holder was ended, works, or is left alone for a reason of its own.</returns>
    public bool Act(HolderVerdict verdict, HolderLook look)
    {
        if (verdict is not (HolderVerdict.Stopped or HolderVerdict.Hung))
        {
            LogWaited(logger, name, look.Holder?.Process ?? 0, verdict);
            return verdict != HolderVerdict.Unknown;
        }

        if (ProcessKill.TryKill(look.Holder!.Process, look.Holder.Start))
        {
            LogEnded(logger, name, look.Holder.Process, verdict, period.TotalSeconds);
            return true;
        }

        LogNotEnded(logger, name, look.Holder.Process, verdict);
        return false;
    }

    [LoggerMessage(SqliteEventIds.LockWaitedFor, LogLevel.Information, "Lock {Lock} is held by process {Process} ({Verdict}) and was waited for longer than usual.")]
    private static partial void LogWaited(ILogger logger, string @lock, int process, HolderVerdict verdict);

    [LoggerMessage(SqliteEventIds.LockHolderEnded, LogLevel.Warning, "Lock {Lock} was held by process {Process}, which was {Verdict}, for {Seconds} s; it was ended with SIGKILL, so that the store goes on.")]
    private static partial void LogEnded(ILogger logger, string @lock, int process, HolderVerdict verdict, double seconds);

    [LoggerMessage(SqliteEventIds.LockHolderNotEnded, LogLevel.Error, "Lock {Lock} is held by process {Process}, which is {Verdict} and could not be ended. End it by hand: every write to the store waits for it.")]
    private static partial void LogNotEnded(ILogger logger, string @lock, int process, HolderVerdict verdict);
}
