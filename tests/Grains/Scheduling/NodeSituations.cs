using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>Situations that several tests start from.</summary>
internal static class NodeSituations
{
    /// <summary>The node runs tasks that were submitted to it.</summary>
    public static NodeUnderTest Runs(this NodeUnderTest node, params int[] tasks) =>
        node.Submits([.. tasks.Select(task => node.Call(task))]).StoreInserts().Starts(tasks);

    /// <summary>The node holds tasks that it was handed by the queue.</summary>
    public static NodeUnderTest IsHanded(this NodeUnderTest node, params FaultTolerance.Grains.Tasks.TaskState[] tasks)
    {
        if (!node.Open.OfType<ClaimTasks>().Any())
        {
            node.When(new QueueHinted());
        }

        return node.StoreClaims(tasks);
    }

    /// <summary>The store fails a claim, the one under way or the next.</summary>
    public static NodeUnderTest StoreFailsAClaim(this NodeUnderTest node)
    {
        if (!node.Open.OfType<ClaimTasks>().Any())
        {
            node.When(new QueueHinted());
        }

        return node.StoreFails<ClaimTasks>();
    }
}
