using System.Diagnostics;
using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Grains.Recovery;

/// <summary>What to do about the attempts of an owner that will not end them, as a pure function.</summary>
/// <remarks>
/// Each attempt becomes one event of its task, and <see cref="TaskLifecycle"/> decides: tried again at whose cost, or failed.
/// The decisions are written on the condition that the row still is at that attempt of that owner, and just as it was read: what
/// the owner saved since would be lost. So the plan may be made and
/// carried out any number of times, by anybody, and stopped anywhere: what is done is not found again.
/// </remarks>
internal static class RecoveryPlan
{
    /// <summary>Says who a dead node was to the attempts that it owned.</summary>
    /// <param name="node">The node.</param>
    /// <param name="kind">What its incident says; <see cref="FailureKind.NodeLost"/> where there is none any more.</param>
    public static LostOwner OwnerOf(KnownNode node, FailureKind kind)
    {
        // A node that died past the deadline of its drain was taken away, as announced. Before it, it was to go on.
        var fate = node.Row.Phase == NodePhase.Left || node.Record.IsHandingOver ? OwnerFate.Left
            : kind == FailureKind.Crash ? OwnerFate.Crashed
            : OwnerFate.Lost;
        return new LostOwner(node.Incarnation, node.Row.Name, fate, node.Record.Waiting.ToHashSet());
    }

    /// <summary>Decides about tasks that the owner was running.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="tasks">Tasks whose rows name it.</param>
    /// <param name="clusterPolicy">The retry policy of tasks that bring none.</param>
    /// <param name="now">The store's time.</param>
    /// <param name="chance">Draws a number in [0, 1): the jitter of delays.</param>
    /// <param name="newToken">Makes the token of a write.</param>
    /// <returns>The changes to write; one for each task that is still the owner's.</returns>
    public static IReadOnlyList<TaskCommit> Decide(
        LostOwner owner, IEnumerable<TaskState> tasks, TaskRetryPolicy clusterPolicy, DateTimeOffset now, Func<double> chance, Func<long> newToken)
    {
        var commits = new List<TaskCommit>();
        foreach (var task in tasks)
        {
            var transition = TaskLifecycle.Apply(task, EventOf(owner, task), clusterPolicy, now, chance());
            if (transition.IsChange)
            {
                commits.Add(new TaskCommit(task, transition.State, newToken(), IfToken: task.Token));
            }
        }

        return commits;
    }

    private static AttemptEvent EventOf(LostOwner owner, TaskState task)
    {
        if (task.Damage is not null)
        {
            // Left as it is, it would be found again for ever.
            var failure = new TaskFailure { Kind = FailureKind.InvalidCall, Message = task.Damage, Node = owner.Node };
            return new AttemptFailed(task.Attempt, owner.Incarnation, owner.Node, null, failure, MayRetry: false);
        }

        if (owner.Verdict is { } verdict)
        {
            return new AttemptFailed(task.Attempt, owner.Incarnation, owner.Node, null, verdict, MayRetry: false);
        }

        return owner.Fate switch
        {
            OwnerFate.Crashed => Died(owner, task, FailureKind.Crash),
            OwnerFate.Lost => Died(owner, task, FailureKind.NodeLost),
            OwnerFate.Left => new AttemptReleased(task.Attempt, owner.Incarnation, owner.Node, task.Claimed ?? task.Created),
            _ => throw new UnreachableException($"There is no plan for owners that are {owner.Fate}."),
        };
    }

    private static OwnerDied Died(LostOwner owner, TaskState task, FailureKind kind) =>
        new(task.Attempt, owner.Incarnation, owner.Node, kind, !owner.Waiting.Contains(task.Id) || HasSaved(task));

    /// <summary>Whether the attempt has saved progress: it had started, whatever the heartbeat said before.</summary>
    private static bool HasSaved(TaskState task) => task.Life.Progress?.Attempt == task.Attempt;
}
