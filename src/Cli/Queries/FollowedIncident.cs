namespace FaultTolerance.Cli.Queries;

/// <summary>One line of <c>ft incidents --follow --json</c>. The fields are a contract.</summary>
/// <param name="Position">What <c>--after</c> takes to go on after this one.</param>
/// <param name="Incident">The incident.</param>
internal sealed record FollowedIncident(string Position, IncidentView Incident);
