using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Scheduling;

/// <summary>The end of an attempt that waits for its saves.</summary>
internal sealed record HeldEnd(TaskState Task, TaskEvent End, byte[]? Result)
{
    /// <summary>Returns the same end of the task as a save has left it.</summary>
    public HeldEnd After(TaskCommit? saved) => saved is null ? this : this with { Task = saved.Written };
}
