namespace FaultTolerance.Cli.Queries;

/// <summary>What <c>ft incidents</c> shows. The fields of its JSON are a contract.</summary>
/// <param name="Incidents">The incidents, newest first.</param>
internal sealed record IncidentListView(IReadOnlyList<IncidentView> Incidents)
{
    public static IncidentListView Of(IEnumerable<IncidentSnapshot> newest, IncidentQuery query) =>
        new([.. newest.Where(query.Takes).Take(query.Limit).Select(IncidentView.Of)]);
}
