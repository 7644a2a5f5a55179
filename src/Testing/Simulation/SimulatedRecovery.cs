using FaultTolerance.Grains.Nodes;
using FaultTolerance.Grains.Recovery;
using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Engines;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>What each node does for the others: recovers what the dead ran, finds what was left behind.</summary>
/// <remarks>Every node does all of it at once, so that the steps of several run through each other, and of dead ones half-way.</remarks>
internal sealed class SimulatedRecovery(SimulatedNode node, SimulatedCluster cluster)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(3);

    /// <summary>In a large cluster so many do it at a time.</summary>
    private const int Recoverers = 4;

    public async Task RunAsync()
    {
        while (true)
        {
            await node.WaitAsync(TimeSpan.FromMilliseconds(500 + cluster.Random.Next(1_000)));
            if (cluster.Machines.Count > Recoverers && cluster.Random.Next(cluster.Machines.Count) >= Recoverers)
            {
                continue;
            }

            try
            {
                await RoundAsync();
            }
            catch (StoreException)
            {
                cluster.Trace.Add("broke off a round of recovery", node.Machine);
            }
        }
    }

    private async Task RoundAsync()
    {
        var owners = (await node.AskAsync(store => store.ListOwnersAsync(default))).ToHashSet();
        var since = node.Now - NodeQueries.EndedOfLate;
        var rows = await node.AskAsync(store => store.ListCurrentNodesAsync(since, NodeQueries.MaxNodes, default));
        foreach (var row in rows.Where(row => row is { Phase: NodePhase.Dead, Recovered: null }))
        {
            await RecoverDeadAsync(cluster.Read(row));
        }

        // A fence is in the task's row and in no other: a node that was cut off may claim after it was recovered.
        foreach (var row in rows.Where(row => owners.Contains(row.Incarnation) && (row.Phase == NodePhase.Left || row.Recovered is not null)))
        {
            var incident = await node.Pacemaker.Incidents.FindAsync(row.Incarnation, default);
            var owner = RecoveryPlan.OwnerOf(cluster.Read(row), incident?.Kind ?? FailureKind.NodeLost);
            await RecoverAsync(owner with { Waiting = new HashSet<TaskId>() });
        }

        await WakeLeftAsync();
        await EnforceLimitsAsync();
    }

    private async Task RecoverDeadAsync(KnownNode dead)
    {
        // What killed it decides what its attempts cost, so its incident is waited for.
        if (await node.Pacemaker.Incidents.FindAsync(dead.Incarnation, default) is { } incident)
        {
            await RecoverAsync(RecoveryPlan.OwnerOf(dead, incident.Kind));
            await node.Pacemaker.Incidents.UpdateAsync(dead.Incarnation, i => i with { RecoveredAt = i.RecoveredAt ?? node.Now }, default);
            await node.AskAsync(store => store.MarkRecoveredAsync(dead.Incarnation, default));
        }
    }

    private async Task RecoverAsync(LostOwner owner)
    {
        while (true)
        {
            var query = new TaskQuery { Phase = TaskPhase.Running, Owner = owner.Incarnation, Limit = cluster.Random.Next(1, 20) };
            var page = await node.AskAsync(store => store.ListAsync(query, default));
            if (page.Count == 0)
            {
                return;
            }

            var tasks = await node.Reader.ReadOwnedAsync(page, default);
            await CommitAsync(RecoveryPlan.Decide(owner, tasks, cluster.Retry, node.Now, cluster.Random.NextDouble, node.Store.NewToken));
        }
    }

    private async Task CommitAsync(IReadOnlyList<TaskCommit> commits)
    {
        var results = await node.AskAsync(store => store.WriteTasksAsync([.. commits.Select(cluster.Services.Codec.Update)], default));
        var applied = commits.Where((_, i) => results[i].IsApplied).Select(commit => commit.After).ToList();
        foreach (var task in applied)
        {
            cluster.Trace.Add("recovered", node.Machine, task.Id, task.Attempt, (long)task.Phase);
        }

        node.Post(new TasksEnded([.. applied.Where(task => task.Phase.IsFinal())]));
        node.Post(new QueueHinted());
    }

    /// <summary>Wakes tasks whose wake was lost, with whoever was to make it.</summary>
    private async Task WakeLeftAsync()
    {
        var query = new TaskQuery { Phase = TaskPhase.Waiting, Limit = PageSize };
        var page = await node.AskAsync(store => store.ListAsync(query, default));
        var old = page.Where(row => row.Created + MinAge <= node.Now).Select(row => row.Id).ToList();
        if (old.Count == 0)
        {
            return;
        }

        await node.AskAsync(async store =>
        {
            await store.LookAtDependenciesAsync(old, default);
            return true;
        });
        var woken = await node.AskAsync(store => store.WakeAsync(old, store.NewToken(), default));
        if (woken.Count > 0)
        {
            node.Post(new QueueHinted());
        }
    }

    /// <summary>Ends tasks that are past a limit while nobody runs them.</summary>
    private async Task EnforceLimitsAsync()
    {
        foreach (var phase in (TaskPhase[])[TaskPhase.Waiting, TaskPhase.Queued])
        {
            var page = await node.AskAsync(store => store.ListAsync(new TaskQuery { Phase = phase, Limit = PageSize }, default));
            var commits = new List<TaskCommit>();
            foreach (var task in await node.Reader.ReadOwnedAsync(page, default))
            {
                if (LimitPlan.Find(task, node.Now) is { } kind
                    && TaskLifecycle.Apply(task, new LimitPassed(kind), cluster.Retry, node.Now, 0) is { IsChange: true } passed)
                {
                    commits.Add(new TaskCommit(task, passed.State, node.Store.NewToken(), IfToken: task.Token));
                }
            }

            if (commits.Count > 0)
            {
                await CommitAsync(commits);
            }
        }
    }
}
