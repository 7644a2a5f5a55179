namespace FaultTolerance.Grains.History;

/// <summary>A time during which a node could not reach the store.</summary>
/// <param name="Began">When it began, to within half a lease.</param>
/// <param name="Ended">When it was over.</param>
internal sealed record StorageOutage(DateTimeOffset Began, DateTimeOffset Ended)
{
    public TimeSpan Length => Ended - Began;

    /// <summary>Whether an incident is of the same outage.</summary>
    public bool Overlaps(IncidentSnapshot incident) =>
        incident.Entity == FailedEntity.Storage && incident.BeganAt <= Ended && Began <= incident.RecoveredAt;
}
