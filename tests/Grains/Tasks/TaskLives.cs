using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Tests.Tasks;

/// <summary>Makes tasks in every phase, and what may happen to them.</summary>
internal static class TaskLives
{
    public const string Node = "node-1";

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly NodeIncarnation Owner = NodeIncarnation.New(Now, 1);

    public static readonly NodeIncarnation OtherOwner = NodeIncarnation.New(Now, 2);

    public static readonly TaskId Id = TaskId.Parse("0195500000007000800000000000002a");

    public static TaskState InPhase(TaskPhase phase, TaskRetryPolicy? policy = null) => new()
    {
        Id = Id,
        Spec = new TaskSpec { Handler = "work", Retry = policy, PendingTimeout = TimeSpan.FromMinutes(1) },
        Phase = phase,
        Attempt = phase is TaskPhase.Waiting or TaskPhase.Queued ? 0 : 1,
        Owner = phase == TaskPhase.Running ? Owner : NodeIncarnation.None,
        Created = Now.AddMinutes(-2),
        Claimed = phase == TaskPhase.Running ? Now.AddMinutes(-1) : null,
        Due = Now.AddMinutes(-2),
        Finished = phase.IsFinal() ? Now.AddSeconds(-1) : null,
    };

    public static TaskState Running(TaskRetryPolicy? policy = null) => InPhase(TaskPhase.Running, policy);

    /// <summary>What the store's claim makes of a task.</summary>
    public static TaskState Claimed(this TaskState task) =>
        task with { Phase = TaskPhase.Running, Attempt = task.Attempt + 1, Owner = Owner, Claimed = Now };

    public static TaskTransition After(this TaskState task, TaskEvent happened, double chance = 0.5) =>
        TaskLifecycle.Apply(task, happened, new TaskRetryPolicy(), Now, chance);

    /// <summary>Runs a task until it is final: every attempt is claimed and ends in the same way.</summary>
    public static TaskState RunToEnd(TaskRetryPolicy policy, Func<TaskState, TaskEvent> end)
    {
        var task = InPhase(TaskPhase.Queued, policy);
        for (var i = 0; i < 1_000 && !task.Phase.IsFinal(); i++)
        {
            task = task.Claimed();
            task = task.After(end(task)).State;
        }

        return task;
    }

    public static AttemptSucceeded Succeeds(this TaskState task) => new(task.Attempt, task.Owner, Node, Now.AddSeconds(-5));

    public static AttemptFailed Fails(this TaskState task, FailureKind kind, bool mayRetry = true, TimeSpan? retryAfter = null) =>
        new(task.Attempt, task.Owner, Node, Now.AddSeconds(-5), new TaskFailure { Kind = kind, Message = $"It was {kind}." }, mayRetry, retryAfter);

    /// <summary>The handler saves a number as its progress.</summary>
    public static ProgressSaved Saves(this TaskState task, byte progress) => new(task.Attempt, task.Owner, Node, [progress], "byte");

    public static AttemptReleased IsReleased(this TaskState task, bool afterStart = false) =>
        new(task.Attempt, task.Owner, Node, afterStart ? Now.AddSeconds(-5) : null);

    public static OwnerDied LosesOwner(this TaskState task, FailureKind kind = FailureKind.NodeLost, bool mayHaveStarted = true) =>
        new(task.Attempt, task.Owner, Node, kind, mayHaveStarted);
}
