namespace FaultTolerance.Grains.Tasks;

/// <summary>The delay before a retry, as a pure function.</summary>
internal static class RetryDelay
{
    /// <summary>The longest delay that a handler may ask for; a longer one is cut to it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>The longest that a task is put off whose attempts end before their handlers start.</summary>
    public static readonly TimeSpan LongestUnstarted = TimeSpan.FromMinutes(1);

    /// <summary>Returns how long to put off a task whose attempt ended before its handler could start.</summary>
    /// <param name="first">The first delay; each further one doubles, up to <see cref="LongestUnstarted"/>.</param>
    /// <param name="n">How many attempts ended so before, from 0.</param>
    public static TimeSpan Unstarted(TimeSpan first, int n)
    {
        var delay = first.TotalSeconds * Math.Pow(2, n);
        return delay < LongestUnstarted.TotalSeconds ? TimeSpan.FromSeconds(delay) : LongestUnstarted;
    }

    /// <summary>Returns the delay before retry <paramref name="n"/> of one cause.</summary>
    /// <param name="policy">The task's policy.</param>
    /// <param name="kind">The cause. After a crash or a lost node retry 0 starts at once, and retry n waits as retry n − 1 of another cause.</param>
    /// <param name="n">How many retries the cause has cost before, from 0.</param>
    /// <param name="chance">A number in [0, 1) that decides the jitter.</param>
    public static TimeSpan Of(TaskRetryPolicy policy, FailureKind kind, int n, double chance)
    {
        if (kind is FailureKind.Crash or FailureKind.NodeLost && --n < 0)
        {
            return TimeSpan.Zero;
        }

        // In floating point: the power may pass what a TimeSpan can hold long before it meets the cap. A base of 0 times an
        // infinite power is not a number, and means 0.
        var ticks = Math.Min(policy.DelayBase.Ticks * Math.Pow(policy.Multiplier, n), policy.MaxDelay.Ticks);
        var jittered = ticks * (1 + (policy.Jitter * ((2 * chance) - 1)));
        return double.IsNaN(jittered) ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Clamp(jittered, 0, Longest.Ticks));
    }

    /// <summary>Returns the delay that a handler asked for, within bounds; null when it asked for none.</summary>
    public static TimeSpan? Asked(TimeSpan? delay) => delay switch
    {
        { } asked when asked < TimeSpan.Zero => TimeSpan.Zero,
        { } asked when asked > Longest => Longest,
        _ => delay,
    };

    /// <summary>Returns how many retries a task has used of the budget that a cause is charged to. Each kind has a counter of its own; both timeouts share a budget.</summary>
    public static int UsedOf(TaskLife life, FailureKind kind) => kind is FailureKind.Timeout or FailureKind.HeartbeatTimeout
        ? life.RetriesOf(FailureKind.Timeout) + life.RetriesOf(FailureKind.HeartbeatTimeout)
        : life.RetriesOf(kind);

    /// <summary>Returns how many retries the policy grants a cause; <see cref="TaskRetryPolicy.Unlimited"/> for no limit, 0 for a final cause.</summary>
    public static int BudgetOf(TaskRetryPolicy policy, FailureKind kind) => kind switch
    {
        FailureKind.UserException => policy.MaxExceptionRetries,
        FailureKind.Timeout or FailureKind.HeartbeatTimeout => policy.MaxTimeoutRetries,
        FailureKind.Crash => policy.MaxCrashRetries,
        FailureKind.NodeLost => policy.MaxNodeLossRetries,
        FailureKind.OutOfMemory => policy.MaxOutOfMemoryRetries,
        _ => 0,
    };
}
