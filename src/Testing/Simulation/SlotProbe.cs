using FaultTolerance.Grains.Scheduling;
using FaultTolerance.Grains.Tasks;

namespace FaultTolerance.Testing.Simulation;

/// <summary>Once everything has ended, gives every node as many attempts as it has slots: they all run at once, unless a slot was leaked.</summary>
internal sealed class SlotProbe(SimulatedCluster cluster)
{
    /// <summary>Longer than a node may take to look at the queue again, and to give back what it took ahead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public void Run()
    {
        var nodes = cluster.Machines.Select(machine => machine.Node).OfType<SimulatedNode>().Where(MayBeFilled).ToList();
        foreach (var node in nodes)
        {
            var probes = Enumerable.Range(0, node.Slots).Select(_ => cluster.Workload.MakeProbe(2 * Patience)).ToList();
            node.Driver.Submit([.. probes.Select(probe => Admit(probe, node))], _ => { });
        }

        for (var until = cluster.Timeline.Elapsed + Patience; cluster.Timeline.Elapsed < until && cluster.Invariants.Violation is null;)
        {
            cluster.Timeline.Step();
        }

        foreach (var node in nodes.Where(node => node.Driver.Running < node.Slots))
        {
            cluster.Invariants.Violate($"Node {node.Machine} has {node.Slots} slots and can use {node.Driver.Running} although nothing else is left.");
        }
    }

    private static bool MayBeFilled(SimulatedNode node) => node.IsServing && node.Agent is { Phase: NodePhase.Alive, SlotLimit: null };

    private NewTask Admit(TaskScript script, SimulatedNode node) => new(
        new TaskState
        {
            Id = script.Id,
            Spec = script.Spec,
            Phase = TaskPhase.Queued,
            Token = cluster.Random.NextInt64(1, long.MaxValue),
            Created = node.Now,
            Due = node.Now,
        },
        [],
        null);
}
