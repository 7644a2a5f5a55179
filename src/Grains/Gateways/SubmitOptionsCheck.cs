namespace FaultTolerance.Grains.Gateways;

/// <summary>Checks what a call asks for against the bounds that <see cref="SubmitOptions"/> and <see cref="TaskRetryPolicy"/> state.</summary>
internal static class SubmitOptionsCheck
{
    /// <summary>The most exception types that a policy may name.</summary>
    private const int MaxRetryOn = 100;

    /// <summary>The longest name of an exception type, in characters.</summary>
    private const int MaxTypeName = 1_024;

    private static readonly TimeSpan Year = TimeSpan.FromDays(365);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>Returns everything that is out of its bounds; none when all is well.</summary>
    public static IReadOnlyList<string> Errors(SubmitOptions options)
    {
        var errors = new List<string>();
        void Check(bool isWithin, string error)
        {
            if (!isWithin)
            {
                errors.Add(error);
            }
        }

        Check(options.IdempotencyKey is null or { Length: > 0 and <= 512 }, "IdempotencyKey must have 1 to 512 characters.");
        Check(options.AttemptTimeout is null || Within(options.AttemptTimeout.Value, Month), "AttemptTimeout must be positive, at most 30 days.");
        Check(options.HeartbeatTimeout is null || Within(options.HeartbeatTimeout.Value, Month), "HeartbeatTimeout must be positive, at most 30 days.");
        Check(options.Deadline is null || Within(options.Deadline.Value, Year), "Deadline must be positive, at most 365 days.");
        Check(options.PendingTimeout is null || Within(options.PendingTimeout.Value, Year), "PendingTimeout must be positive, at most 365 days.");
        Check(options.StartAfter >= TimeSpan.Zero && options.StartAfter <= Year, "StartAfter must be between 0 and 365 days.");
        if (options.Retry is { } retry)
        {
            errors.AddRange(Errors(retry));
        }

        return errors;
    }

    /// <summary>Returns everything that is out of its bounds in a policy.</summary>
    public static IEnumerable<string> Errors(TaskRetryPolicy policy)
    {
        if (policy.RetryOn is null || policy.RetryOn.Count > MaxRetryOn || policy.RetryOn.Any(name => name is null or "" or { Length: > MaxTypeName }))
        {
            yield return $"Retry.RetryOn must be a list of at most {MaxRetryOn} names of exception types with 1 to {MaxTypeName:N0} characters each.";
        }

        var budgets = new (string Name, int Value)[]
        {
            (nameof(policy.MaxExceptionRetries), policy.MaxExceptionRetries),
            (nameof(policy.MaxTimeoutRetries), policy.MaxTimeoutRetries),
            (nameof(policy.MaxCrashRetries), policy.MaxCrashRetries),
            (nameof(policy.MaxNodeLossRetries), policy.MaxNodeLossRetries),
            (nameof(policy.MaxOutOfMemoryRetries), policy.MaxOutOfMemoryRetries),
        };
        foreach (var (name, value) in budgets.Where(budget => budget.Value is < TaskRetryPolicy.Unlimited or > 10_000))
        {
            yield return $"Retry.{name} must be -1 (unlimited) or between 0 and 10,000, and is {value}.";
        }

        if (policy.DelayBase < TimeSpan.Zero || policy.DelayBase > TimeSpan.FromDays(1))
        {
            yield return $"Retry.DelayBase must be between 0 and 1 day, and is {policy.DelayBase}.";
        }

        if (policy.Multiplier is not (>= 1 and <= 100))
        {
            yield return $"Retry.Multiplier must be between 1.0 and 100.0, and is {policy.Multiplier}.";
        }

        if (policy.MaxDelay < TimeSpan.Zero || policy.MaxDelay > Month)
        {
            yield return $"Retry.MaxDelay must be between 0 and 30 days, and is {policy.MaxDelay}.";
        }

        if (policy.Jitter is not (>= 0 and <= 1))
        {
            yield return $"Retry.Jitter must be between 0.0 and 1.0, and is {policy.Jitter}.";
        }

        if (policy.MaxAttempts < 1)
        {
            yield return $"Retry.MaxAttempts must be 1 at least, and is {policy.MaxAttempts}.";
        }
    }

    private static bool Within(TimeSpan value, TimeSpan longest) => value > TimeSpan.Zero && value <= longest;
}
