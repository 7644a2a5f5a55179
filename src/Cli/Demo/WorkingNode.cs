using FaultTolerance.Grains.Nodes;
using FaultTolerance.Storage.Tasks;

namespace FaultTolerance.Cli.Demo;

/// <summary>A node that is alive, and what it works on.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Incarnation">Its life.</param>
/// <param name="Started">How many attempts it would be charged with if it died now: those of its own that it has not named as waiting.</param>
internal sealed record WorkingNode(string Name, NodeIncarnation Incarnation, int Started)
{
    /// <summary>Counts, for each node that is alive, what it has started.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="running">The attempts that nodes own, started or not.</param>
    public static IReadOnlyList<WorkingNode> Of(IReadOnlyList<KnownNode> nodes, IReadOnlyList<TaskRow> running) =>
    [
        .. from node in nodes
           where node.Row is { Ended: null, Phase: NodePhase.Alive }
           let waiting = node.Record.Waiting.ToHashSet()
           select new WorkingNode(node.Row.Name, node.Incarnation, running.Count(row => row.Owner == node.Incarnation && !waiting.Contains(row.Id))),
    ];
}
