namespace FaultTolerance.Storage;

/// <summary>Times as rows hold them: whole microseconds since 1970, in the store's own time.</summary>
public static class StoreTime
{
    /// <summary>Returns a time as microseconds since 1970, rounded down.</summary>
    public static long ToMicroseconds(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var (microseconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerMicrosecond);
        return rest < 0 ? microseconds - 1 : microseconds;
    }

    /// <summary>Returns the time that a number of microseconds since 1970 stands for.</summary>
    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Returns a time without the fraction that rows cannot hold.</summary>
    public static DateTimeOffset Round(DateTimeOffset time) => FromMicroseconds(ToMicroseconds(time));
}
