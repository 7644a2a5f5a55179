namespace FaultTolerance;

/// <summary>Why an attempt, a task or a node failed. Each retryable kind has a budget and a counter of its own.</summary>
public enum FailureKind
{
    /// <summary>The handler threw. Retried only where the handler or the call asks for it.</summary>
    UserException = 1,

    /// <summary>The attempt ran past its attempt timeout and was cancelled.</summary>
    Timeout = 2,

    /// <summary>The task was not started within its pending timeout. Final.</summary>
    PendingTimeout = 3,

    /// <summary>The task's total deadline passed. Final, for its children too.</summary>
    DeadlineExceeded = 4,

    /// <summary>The process that ran the attempt is proved gone.</summary>
    Crash = 5,

    /// <summary>The node was declared dead, but its process was not proved gone.</summary>
    NodeLost = 6,

    /// <summary>The attempt was moved off a node that was leaving in order. Costs nothing.</summary>
    Drained = 7,

    /// <summary>The attempt was stopped because its node ran out of memory.</summary>
    OutOfMemory = 8,

    /// <summary>A task whose result this task needs has failed, was cancelled, or is unknown. Final.</summary>
    DependencyFailed = 9,

    /// <summary>The task was cancelled. Final.</summary>
    Cancelled = 10,

    /// <summary>The call does not fit the handler: unknown name or version, wrong arguments. Final.</summary>
    InvalidCall = 11,

    /// <summary>The handler's result cannot be stored: it is too large or cannot be serialized. Final.</summary>
    InvalidResult = 12,

    /// <summary>The task was run again because a lost object had to be rebuilt.</summary>
    Reconstruction = 13,

    /// <summary>The node could not renew its lease, stopped the attempt, and came back before others took over. Costs nothing.</summary>
    LeaseLost = 14,

    /// <summary>The node's machine was taken away when it had been announced. Costs the attempts nothing.</summary>
    Preempted = 15,

    /// <summary>The store could not be reached. Of incidents only.</summary>
    StoreUnreachable = 16,

    /// <summary>
    /// A handler ignored its token for longer than its grace and was given up on, or an actor was silent for longer than its limit while its node is
    /// alive. Of incidents only: the attempt failed with what fired its token.
    /// </summary>
    Hung = 17,

    /// <summary>The node died, and its work was not recovered in time. Only where recovery is told to give up then.</summary>
    RecoveryTimeout = 18,

    /// <summary>The attempt gave no sign of life for longer than its heartbeat timeout and was cancelled. Costs the budget of timeouts.</summary>
    HeartbeatTimeout = 19,
}
