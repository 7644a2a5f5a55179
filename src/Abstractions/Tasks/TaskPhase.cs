namespace FaultTolerance;

/// <summary>Where a task is in its life. The numbers are stored and never change their meaning.</summary>
public enum TaskPhase : byte
{
    /// <summary>Accepted, and waiting for the tasks that it depends on. May become queued, failed or cancelled.</summary>
    Waiting = 0,

    /// <summary>Ready to run, now or when it is due. May become running, failed or cancelled.</summary>
    Queued = 1,

    /// <summary>Claimed by a node for one attempt. May become queued again, or final.</summary>
    Running = 2,

    /// <summary>Final: the handler returned and its result is stored.</summary>
    Succeeded = 3,

    /// <summary>Final: the task will not be tried again.</summary>
    Failed = 4,

    /// <summary>Final: the task was cancelled.</summary>
    Cancelled = 5,
}
