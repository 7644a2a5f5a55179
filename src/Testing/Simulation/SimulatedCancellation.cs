using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Engines;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Cancels a task as its grain does: reads the row, decides, writes on the condition that the row is still the same.</summary>
internal sealed class SimulatedCancellation(SimulatedNode node, SimulatedCluster cluster)
{
    private const int MaxRaces = 20;

    public async Task CancelAsync(TaskId id)
    {
        try
        {
            for (var race = 0; race < MaxRaces && !await TryAsync(id); race++)
            {
                cluster.Trace.Add("lost a race to cancel", node.Machine, id);
            }
        }
        catch (StoreException)
        {
            cluster.Trace.Add("did not cancel", node.Machine, id);
        }
    }

    private async Task<bool> TryAsync(TaskId id)
    {
        if (await node.AskAsync(store => store.ReadAsync([id], default)) is not [var row])
        {
            return true;
        }

        var task = await node.Reader.ReadAsync(row, default);
        var transition = TaskLifecycle.Apply(task, new CancelRequested(null), cluster.Retry, node.Now, 0);
        if (!transition.IsChange)
        {
            return true;
        }

        var commit = new TaskCommit(task, transition.State, node.Store.NewToken(), IfToken: task.Phase == TaskPhase.Running ? null : task.Token);
        if (!(await node.AskAsync(store => store.WriteTaskAsync(cluster.Services.Codec.Update(commit)))).IsApplied)
        {
            return false;
        }

        cluster.Trace.Add("cancelled", node.Machine, id, task.Attempt);
        node.Post(new TasksEnded([transition.State]));
        if (transition.StopsAttempt && cluster.Find(task.Owner) is { } owner)
        {
            cluster.Network.Send(node.Machine, owner.Machine, () => owner.Receive(() => owner.Post(new AttemptVoided(id, task.Attempt))));
        }

        return true;
    }
}
