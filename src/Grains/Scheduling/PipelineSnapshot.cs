namespace FaultTolerance.Grains.Scheduling;

/// <summary>What a node's pipeline holds at one moment.</summary>
/// <param name="Running">How many handlers run.</param>
/// <param name="Waiting">The attempts that are owned and have not started.</param>
/// <param name="IsIdle">Whether the node owns nothing and owes the store nothing.</param>
/// <param name="Hung">How many slots are held by handlers that were given up on.</param>
/// <param name="Ended">How attempts have ended here, by handler.</param>
internal sealed record PipelineSnapshot(int Running, IReadOnlyList<TaskId> Waiting, bool IsIdle, int Hung, IReadOnlyList<HandlerTally> Ended)
{
    public PipelineSnapshot(int running, IReadOnlyList<TaskId> waiting, bool isIdle)
        : this(running, waiting, isIdle, 0, [])
    {
    }
}
