namespace FaultTolerance.Grains.Tasks;

/// <summary>Something that happened to a task.</summary>
internal abstract record TaskEvent;

/// <summary>Something that happened to one attempt. Said of any attempt but the present one of the present owner, it is stale.</summary>
internal abstract record AttemptEvent(int Attempt, NodeIncarnation Owner, string Node) : TaskEvent;

/// <summary>The handler returned.</summary>
internal sealed record AttemptSucceeded(int Attempt, NodeIncarnation Owner, string Node, DateTimeOffset StartedAt)
    : AttemptEvent(Attempt, Owner, Node);

/// <summary>The attempt failed on its node.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Owner">The life of the node that ran it.</param>
/// <param name="Node">The node's name.</param>
/// <param name="StartedAt">When the handler was called; null when it was not.</param>
/// <param name="Failure">What went wrong.</param>
/// <param name="MayRetry">Whether the handler and the call let this failure be retried at all.</param>
/// <param name="RetryAfter">The delay that the handler asked for.</param>
internal sealed record AttemptFailed(
    int Attempt, NodeIncarnation Owner, string Node, DateTimeOffset? StartedAt, TaskFailure Failure, bool MayRetry, TimeSpan? RetryAfter = null)
    : AttemptEvent(Attempt, Owner, Node);

/// <summary>The handler says how far it has come. The attempt goes on.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Owner">The life of the node that runs it.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Value">The progress, serialized.</param>
/// <param name="Type">The name of its type.</param>
internal sealed record ProgressSaved(int Attempt, NodeIncarnation Owner, string Node, byte[] Value, string Type)
    : AttemptEvent(Attempt, Owner, Node);

/// <summary>The node gave the attempt back: before its handler started, or stopped, because of the node and not of the task.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Owner">The life of the node that gives it back.</param>
/// <param name="Node">The node's name.</param>
/// <param name="StartedAt">When the handler was called; null when it was not.</param>
/// <param name="Cause">Why one that had started was stopped: <see cref="FailureKind.Drained"/> or <see cref="FailureKind.LeaseLost"/>.</param>
/// <param name="Delay">How long nobody is to take an attempt whose handler was not called: trying again at once would be in vain.</param>
internal sealed record AttemptReleased(
    int Attempt, NodeIncarnation Owner, string Node, DateTimeOffset? StartedAt, FailureKind Cause = FailureKind.Drained, TimeSpan Delay = default)
    : AttemptEvent(Attempt, Owner, Node);

/// <summary>The node that owned the attempt is dead.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Owner">The life that ended.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Kind"><see cref="FailureKind.Crash"/> or <see cref="FailureKind.NodeLost"/>.</param>
/// <param name="MayHaveStarted">False when the node's last heartbeat named the attempt as waiting.</param>
internal sealed record OwnerDied(int Attempt, NodeIncarnation Owner, string Node, FailureKind Kind, bool MayHaveStarted)
    : AttemptEvent(Attempt, Owner, Node);

/// <summary>Somebody wants the task cancelled.</summary>
/// <param name="Reason">Why, in a sentence; null when nobody said.</param>
/// <param name="Node">The name of the node that owns the task's attempt, if one does and its name is known.</param>
internal sealed record CancelRequested(string? Reason, string? Node = null) : TaskEvent;

/// <summary>A limit in time has passed, and not on the node of an attempt.</summary>
/// <param name="Kind"><see cref="FailureKind.DeadlineExceeded"/> in any phase, or <see cref="FailureKind.PendingTimeout"/> of a task that is queued for its first attempt.</param>
/// <param name="Node">The name of the node that owns the task's attempt, if one does and its name is known.</param>
internal sealed record LimitPassed(FailureKind Kind, string? Node = null) : TaskEvent;
