using FaultTolerance.Grains.Nodes;

namespace FaultTolerance.Grains.Tasks;

/// <summary>Shows tasks to others.</summary>
internal static class TaskSnapshots
{
    public static TaskSnapshot Of(TaskState task, NodeDirectory nodes) => new()
    {
        Id = task.Id,
        Handler = task.Spec.Handler,
        HandlerVersion = task.Spec.Version,
        Phase = task.Phase,
        Attempt = task.Attempt,
        Node = task.Owner.IsNone ? null : nodes.NameOf(task.Owner),
        SubmittedAt = task.Created,
        DueAt = task.Due,
        FinishedAt = task.Finished,
        DeadlineAt = task.Deadline,
        Failure = task.Life.Failure,
        Retries = task.Life.Retries,
        Parent = task.Spec.Parent,
        Progress = task.Life.Progress is { } saved
            ? new TaskProgress { Attempt = saved.Attempt, SavedAt = saved.SavedAt, Size = saved.Value.Length, Type = saved.Type }
            : null,
        Damage = task.Damage,
    };

    /// <summary>Returns every attempt, the one under way included.</summary>
    public static IReadOnlyList<AttemptRecord> Attempts(TaskState task, NodeDirectory nodes) => task.Phase != TaskPhase.Running
        ? task.Life.Attempts
        :
        [
            .. task.Life.Attempts,
            new AttemptRecord
            {
                Number = task.Attempt,
                Node = nodes.NameOf(task.Owner),
                Incarnation = task.Owner,
                ClaimedAt = task.Claimed ?? task.Created,
            },
        ];
}
