namespace FaultTolerance.Grains.History;

/// <summary>A handler of failures as it was added to the silo.</summary>
/// <param name="Name">The name under which incidents say how far it has come.</param>
/// <param name="Entities">Which things' failures it is called for; none for all.</param>
/// <param name="Create">Returns the handler.</param>
internal sealed record FailureHandlerEntry(string Name, IReadOnlyList<FailedEntity> Entities, Func<IServiceProvider, IFailureHandler> Create)
{
    public bool Takes(FailedEntity entity) => IncidentLog.IsKnown(entity) && (Entities.Count == 0 || Entities.Contains(entity));
}
