using FaultTolerance.Grains.Scheduling;

namespace FaultTolerance.Grains.Tests.Scheduling;

/// <summary>Situations that several tests start from.</summary>
internal static class NodeSituations
{
    /// <summary>The node runs tasks that were submitted to it.</summary>
    public static NodeUnderTest Runs(this NodeUnderTest node, params int[] tasks) =>
        node.Submits([.. tasks.Select(task => node.Call(task))]).StoreInserts().Starts(tasks);

    /// <summary>The node runs many tasks of one length, one after another, and so learns their pace.</summary>
    public static NodeUnderTest RunsMany(this NodeUnderTest node, int attempts, TimeSpan each, int from = 10_000)
    {
        for (var task = from; task < from + attempts; task++)
        {
            node.Submits(node.Call(task)).StoreInserts().Starts(task);
            node.Sleeps(each).Succeeds(task).StoreCommits();
            while (node.Open.OfType<ClaimTasks>().Any())
            {
                node.StoreClaims();
            }
        }

        return node;
    }

    /// <summary>A node that holds tasks which it was handed by the queue.</summary>
    public static NodeUnderTest Handed(params int[] tasks)
    {
        var node = new NodeUnderTest();
        return node.IsHanded([.. tasks.Select(task => node.Claimed(task))]);
    }

    /// <summary>The node holds tasks that it was handed by the queue.</summary>
    public static NodeUnderTest IsHanded(this NodeUnderTest node, params FaultTolerance.Grains.Tasks.TaskState[] tasks)
    {
        if (!node.Open.OfType<ClaimTasks>().Any())
        {
            node.When(new QueueHinted());
        }

        return node.StoreClaims(tasks);
    }

    /// <summary>The store fails the save of a task.</summary>
    public static NodeUnderTest StoreFailsASave(this NodeUnderTest node, int task) => node.Saves(task, 1).StoreFails<CommitTasks>();

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
