namespace FaultTolerance.Grains.Tasks;

/// <summary>A decided change of a task, to be written on the condition that the row still is what the decision was made on.</summary>
/// <param name="Before">The task that was decided about: its phase, attempt and owner are the fence.</param>
/// <param name="After">What the task becomes.</param>
/// <param name="Token">The token of the write.</param>
/// <param name="Result">The result of a task that succeeded, as a frame.</param>
/// <param name="IfToken">The token that the row must carry, where phase, attempt and owner are not condition enough.</param>
internal sealed record TaskCommit(TaskState Before, TaskState After, long Token, byte[]? Result = null, long? IfToken = null)
{
    /// <summary>Gets the task as its row is once this is written.</summary>
    public TaskState Written => After with { Token = Token };
}
