namespace FaultTolerance;

/// <summary>What one call asks for beyond its handler and its arguments.</summary>
[GenerateSerializer, Immutable, Alias("ft.SubmitOptions")]
public sealed record SubmitOptions
{
    /// <summary>The options of a call that asks for nothing special.</summary>
    public static SubmitOptions Default { get; } = new();

    /// <summary>Gets the id to submit under. A repeat of the same call under the same id is the same task.</summary>
    /// <value>A new id by default. Not allowed where many calls are submitted at once.</value>
    [Id(0)] public TaskId? Id { get; init; }

    /// <summary>Gets the key under which the call is accepted once: a second submit of the same call with it joins the first one's task.</summary>
    /// <value>None by default; at most 512 characters. Kept as long as the task is.</value>
    /// <remarks>What the same call is, is judged as for ids: handler, arguments, options and parent are the same. Another one is rejected.</remarks>
    [Id(1)] public string? IdempotencyKey { get; init; }

    /// <summary>Gets the retry policy of this call. It wins over the cluster's.</summary>
    /// <value>The cluster's policy when null.</value>
    /// <remarks>
    /// Its list of exception types (<see cref="TaskRetryPolicy.RetryOn"/>) wins over the handler's, too; where it is empty the handler's holds, and where that is
    /// empty the cluster's. Lists are never added to each other.
    /// </remarks>
    [Id(2)] public TaskRetryPolicy? Retry { get; init; }

    /// <summary>Gets how long one attempt may run before it is cancelled.</summary>
    /// <value>The cluster's default (300 seconds) when null; must be positive, at most 30 days.</value>
    [Id(3)] public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>Gets how long the task may take in all, from its submit, over every attempt.</summary>
    /// <value>No limit by default; must be positive, at most 365 days.</value>
    [Id(4)] public TimeSpan? Deadline { get; init; }

    /// <summary>Gets how long the task may wait for its first attempt once nothing but a free node is missing.</summary>
    /// <value>No limit by default; must be positive, at most 365 days.</value>
    [Id(5)] public TimeSpan? PendingTimeout { get; init; }

    /// <summary>Gets how long to wait before the task may start.</summary>
    /// <value>The default is 0: at once; at most 365 days.</value>
    [Id(6)] public TimeSpan StartAfter { get; init; }

    /// <summary>Gets a value indicating whether a task submitted inside a handler outlives the cancellation of its parent.</summary>
    /// <value>The default is <see langword="false"/>: cancelling the parent cancels its children.</value>
    [Id(7)] public bool Detached { get; init; }

    /// <summary>Gets how long an attempt may run without a sign of life before it is cancelled: without a heartbeat, and without saving progress.</summary>
    /// <value>No limit by default; must be positive, at most 30 days.</value>
    /// <remarks>For handlers that call <see cref="TaskContext.Heartbeat"/>. A hung one is then found long before its attempt timeout. Time in which the whole process stood still does not count.</remarks>
    [Id(8)] public TimeSpan? HeartbeatTimeout { get; init; }
}
