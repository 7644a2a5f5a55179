namespace FaultTolerance.Cli.Queries;

/// <summary>What became of the cancel of one task. The fields of its JSON are a contract.</summary>
/// <param name="Id">The task.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Phase">The phase that the task is in now; null for one that is not known.</param>
internal sealed record CancelItem(string Id, CancelResult Result, TaskPhase? Phase)
{
    public static CancelItem Of(TaskId id, TaskSnapshot? task) => task switch
    {
        null => new(id.ToString(), CancelResult.NotFound, null),
        { Phase: TaskPhase.Cancelled } => new(id.ToString(), CancelResult.Cancelled, task.Phase),
        _ => new(id.ToString(), CancelResult.AlreadyEnded, task.Phase),
    };
}
