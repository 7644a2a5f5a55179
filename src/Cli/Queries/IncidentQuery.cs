namespace FaultTolerance.Cli.Queries;

/// <summary>Which incidents are asked for.</summary>
/// <param name="Entity">Only those of such things; null for all.</param>
/// <param name="Limit">How many at the most.</param>
internal sealed record IncidentQuery(FailedEntity? Entity, int Limit)
{
    public bool Takes(IncidentSnapshot incident) => Entity is null || incident.Entity == Entity;
}
