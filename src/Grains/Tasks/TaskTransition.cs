namespace FaultTolerance.Grains.Tasks;

/// <summary>What an event makes of a task.</summary>
/// <param name="State">The task afterwards; the same object when nothing changed.</param>
/// <param name="Verdict">Whether and why anything changed.</param>
/// <param name="StopsAttempt">Whether an attempt is under way that must now be stopped.</param>
internal readonly record struct TaskTransition(TaskState State, TaskVerdict Verdict, bool StopsAttempt = false)
{
    public bool IsChange => Verdict == TaskVerdict.Changed;

    /// <summary>Whether the task is final now and was not before: its dependents and its session are to be told.</summary>
    public bool IsEnd => IsChange && State.Phase.IsFinal();
}
