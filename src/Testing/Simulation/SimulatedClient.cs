using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>The client outside the cluster: submits groups of tasks, repeats what is not answered under the same ids, and journals what is acknowledged.</summary>
internal sealed class SimulatedClient(SimulatedCluster cluster)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private int _open;

    /// <summary>Whether every group has been acknowledged to its last stage.</summary>
    public bool IsDone => _open == 0;

    private Random Random => cluster.Random;

    public void Start()
    {
        for (_open = 0; _open < cluster.Options.Groups; _open++)
        {
            var stages = cluster.Workload.MakeGroup();
            cluster.Timeline.After(cluster.Options.Chaos * (0.9 * Random.NextDouble()), () => Submit(stages, 0));
        }
    }

    private void Submit(IReadOnlyList<IReadOnlyList<TaskScript>> stages, int stage)
    {
        if (stage == stages.Count)
        {
            _open--;
            return;
        }

        var batch = new Batch(stages[stage], () => Submit(stages, stage + 1));
        Send(batch);
        if (Random.Next(20) == 0)
        {
            Send(batch); // a repeat that overtakes its original
        }
    }

    private void Send(Batch batch)
    {
        if (batch.Missing.Count == 0)
        {
            return;
        }

        if (cluster.AnyServing() is { } gateway)
        {
            var calls = batch.Missing.ToList();
            cluster.Network.Send(SimulatedNetwork.Client, gateway.Machine, () => gateway.Receive(() => gateway.Driver.Submit(
                [.. calls.Select(script => Admit(script, gateway))],
                answers => cluster.Network.Send(gateway.Machine, SimulatedNetwork.Client, () => Take(batch, calls, answers)))));
        }

        // An answer may never come: the same calls are sent again, under the same ids.
        cluster.Timeline.After(Timeout, () => Send(batch));
    }

    private void Take(Batch batch, List<TaskScript> calls, IReadOnlyList<CallAnswer>? answers)
    {
        for (var i = 0; i < answers?.Count; i++)
        {
            if (answers[i] is { Refusal: null, Written.Status: not TaskWriteStatus.KeyTaken } && batch.Missing.Remove(calls[i]))
            {
                Acknowledged(calls[i]);
            }
        }

        if (batch.Missing.Count == 0 && !batch.IsDone)
        {
            batch.IsDone = true;
            batch.Done();
        }
    }

    private void Acknowledged(TaskScript script)
    {
        cluster.Trace.Add("is acknowledged", "client", script.Id);
        cluster.Invariants.Accepted(script.Id);
        if (script.CancelAfter is { } time)
        {
            cluster.Timeline.After(time, () => Cancel(script.Id));
        }
    }

    private void Cancel(TaskId task)
    {
        if (cluster.AnyServing() is { } node)
        {
            cluster.Network.Send(SimulatedNetwork.Client, node.Machine, () => node.Receive(() => node.Begin(() => new SimulatedCancellation(node, cluster).CancelAsync(task))));
        }
    }

    private NewTask Admit(TaskScript script, SimulatedNode gateway) => new(
        new TaskState
        {
            Id = script.Id,
            Spec = script.Spec,
            Phase = script.Needs.Count > 0 ? TaskPhase.Waiting : TaskPhase.Queued,
            Token = Random.NextInt64(1, long.MaxValue),
            Created = gateway.Now,
            Due = gateway.Now + script.StartAfter,
            Deadline = gateway.Now + script.Deadline,
        },
        script.Needs,
        null);

    private sealed class Batch(IReadOnlyList<TaskScript> calls, Action done)
    {
        public List<TaskScript> Missing { get; } = [.. calls];

        public Action Done => done;

        public bool IsDone { get; set; }
    }
}
