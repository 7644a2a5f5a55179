namespace FaultTolerance;

/// <summary>How often, and after which delay, a task is tried again, with a budget of its own for each cause.</summary>
/// <remarks>
/// The delay before retry n of one cause (n = 0, 1, …) is <see cref="DelayBase"/> × <see cref="Multiplier"/>^n, at most
/// <see cref="MaxDelay"/>, spread by <see cref="Jitter"/>. After a crash or a lost node retry 0 starts at once. A budget of
/// <see cref="Unlimited"/> never runs out.
/// </remarks>
[GenerateSerializer, Immutable, Alias("ft.TaskRetryPolicy")]
public sealed record TaskRetryPolicy
{
    /// <summary>The budget that never runs out.</summary>
    public const int Unlimited = -1;

    /// <summary>Gets how many retries exceptions may cost, where exceptions are retried at all.</summary>
    /// <value>The default is 3; must be −1 (unlimited) or between 0 and 10,000.</value>
    [Id(0)] public int MaxExceptionRetries { get; init; } = 3;

    /// <summary>Gets how many retries attempts past their timeout or their heartbeat timeout may cost, both together.</summary>
    /// <value>The default is 3; must be −1 (unlimited) or between 0 and 10,000.</value>
    [Id(1)] public int MaxTimeoutRetries { get; init; } = 3;

    /// <summary>Gets how many retries crashes may cost: deaths of the process that are proved.</summary>
    /// <value>The default is 3; must be −1 (unlimited) or between 0 and 10,000.</value>
    [Id(2)] public int MaxCrashRetries { get; init; } = 3;

    /// <summary>Gets how many retries lost nodes may cost: nodes declared dead without proof that the process is gone.</summary>
    /// <value>The default is 3; must be −1 (unlimited) or between 0 and 10,000.</value>
    [Id(3)] public int MaxNodeLossRetries { get; init; } = 3;

    /// <summary>Gets how many retries exhausted memory may cost.</summary>
    /// <value>The default is −1 (unlimited); must be −1 or between 0 and 10,000.</value>
    [Id(4)] public int MaxOutOfMemoryRetries { get; init; } = Unlimited;

    /// <summary>Gets the delay before the first retry of a cause.</summary>
    /// <value>The default is 1 second; must be between 0 and 1 day.</value>
    [Id(5)] public TimeSpan DelayBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the factor by which the delay grows from one retry to the next.</summary>
    /// <value>The default is 2.0; must be between 1.0 and 100.0.</value>
    [Id(6)] public double Multiplier { get; init; } = 2.0;

    /// <summary>Gets the longest delay.</summary>
    /// <value>The default is 10 minutes; must be between 0 and 30 days.</value>
    [Id(7)] public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets the part of the delay that chance may add or take: 0.2 means within 20 % either way.</summary>
    /// <value>The default is 0; must be between 0.0 and 1.0.</value>
    [Id(8)] public double Jitter { get; init; }

    /// <summary>Gets the full names of the exception types that are retried; types derived from them count too.</summary>
    /// <value>
    /// Empty by default: of a call, the handler's list holds then, and where that is empty, too, the cluster's; where none lists the exception it ends the task.
    /// "System.Exception" retries every exception. To retry none, set <see cref="MaxExceptionRetries"/> to 0.
    /// </value>
    [Id(9)] public IReadOnlyList<string> RetryOn { get; init; } = [];

    /// <summary>Gets the most attempts that the task may start, whatever the cause. 1 means at most once.</summary>
    /// <value>No limit by default; must be 1 at least.</value>
    /// <remarks>
    /// It bounds how often the handler is called, not what failures may cost: an attempt that was handed over from a node that left
    /// in order has started, and counts, though it costs no budget. A task that may not start again fails with that attempt's cause.
    /// </remarks>
    [Id(10)] public int? MaxAttempts { get; init; }
}
