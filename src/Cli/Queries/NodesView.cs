namespace FaultTolerance.Cli.Queries;

/// <summary>What <c>ft nodes</c> shows. The fields of its JSON are a contract.</summary>
/// <param name="Nodes">The nodes by name, the newest life first.</param>
/// <param name="Incidents">The newest incidents, newest first.</param>
internal sealed record NodesView(IReadOnlyList<NodeView> Nodes, IReadOnlyList<IncidentView> Incidents)
{
    public static NodesView Of(IEnumerable<NodeSnapshot> nodes, IEnumerable<IncidentSnapshot> incidents, bool all) => new(
        [.. nodes.Where(node => all || node.EndedAt is null)
            .OrderBy(node => node.Info.Name, StringComparer.Ordinal)
            .ThenByDescending(node => node.Info.Incarnation)
            .Select(NodeView.Of)],
        [.. incidents.Select(IncidentView.Of)]);
}
